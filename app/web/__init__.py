"""What all HTML pages share: access, forms, errors, filters, headers. No domain word."""
