"""Offers: a free place is held for somebody who waits, until they take it, decline it, or their time is over."""
