"""Conditional GET, the page cache, and what responses share in the memory of a worker.

bounded      the cache with a limit that all others are made of
conditional  ETag, 304 and the state of the content that they follow
page_cache   public pages
shared       a memo that several API responses of one state of the content share
"""
