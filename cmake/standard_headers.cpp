// Nothing: what is compiled here is the header that comes before it.
