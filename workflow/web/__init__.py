"""Flask without our domain: access marks, the clock, errors, forms, paging, security headers."""
