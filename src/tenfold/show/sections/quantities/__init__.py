"""How far off are predicted quantities, where, and on which rows?"""
