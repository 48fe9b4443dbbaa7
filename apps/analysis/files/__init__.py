"""What may be inside an attached file: told apart, cleaned and read, without Django.

`recognising` looks at a file without opening it and is safe in any process. Everything else runs in
a process of its own, which `confining` starts with limits: it can harm nothing but itself.
"""
