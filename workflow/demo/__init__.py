"""A believable office with made-up agencies, made by walking the machines."""
