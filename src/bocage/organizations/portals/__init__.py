"""Portals: doors on the one catalogue. What each shows of it, under which name, and what parents propose to those below."""
