"""How curators get in, and strangers do not.

lockout         an account, or an address, that failed too often waits (django-axes)
password_reset  a new password by mail
typed, drafts   what was typed when a log-in ended, and drafts that a browser stores
urls            its pages, beside the admin's
"""
