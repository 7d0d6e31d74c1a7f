"""What is allowed: one function per endpoint, one module per noun, with no HTTP and no SQL in them."""
