"""The run as one page that opens offline."""

from tenfold.show.content import Content
from tenfold.show.pages import register_page, sections_of, write_report
from tenfold.show.section import Section

__all__ = ["Content", "Section", "register_page", "sections_of", "write_report"]
