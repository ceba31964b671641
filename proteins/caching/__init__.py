"""What responses share, and when they are not made at all.

conditional  ETag, 304 and the state of the content that they follow
page_cache   public pages in the memory of a worker
shared       what several API responses of one state of the content share
"""
