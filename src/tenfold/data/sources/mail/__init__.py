"""Mail: folders, archives and mailboxes, one file a form."""
