"""A name server and a web server on loopback, as real as those of a domain."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dns.flags
import dns.message
import dns.resolver
import dns.rrset

from apps.accounts.domains import PATH


@contextmanager
def name_server(records):
    """Answer TXT questions from {name: [texts]}; yields a resolver that asks here alone."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    listening.settimeout(0.2)
    is_over = threading.Event()

    def answer():
        while not is_over.is_set():
            try:
                asked, sender = listening.recvfrom(4096)
            except TimeoutError:
                continue
            question = dns.message.from_wire(asked)
            told = dns.message.make_response(question)
            told.flags |= dns.flags.RA
            name = question.question[0].name
            if texts := records.get(name.to_text(omit_final_dot=True).lower()):
                quoted = [f'"{text}"' for text in texts]
                told.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *quoted))
            listening.sendto(told.to_wire(), sender)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = listening.getsockname()[1]
    try:
        yield resolver
    finally:
        is_over.set()
        thread.join()
        listening.close()


@contextmanager
def web_server(body, *, status=200, location="", path=PATH):
    """Serve one body at the well-known address; yields the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            is_there = self.path == path
            self.send_response(status if is_there else 404)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            if is_there:
                self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def slow_server(before=b""):
    """Answer with some bytes at once, then with one ten times a second; yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)
    is_over = threading.Event()

    def drip(asking):
        with asking:
            try:
                asking.sendall(before or b"HTTP/1.0 200 OK\r\nX-Slow: ")
                while not is_over.wait(0.1):
                    asking.sendall(b"x")
            except OSError:
                pass  # the other side did not wait

    def answer():
        while not is_over.is_set():
            try:
                asking, _sender = listening.accept()
            except TimeoutError:
                continue
            drip(asking)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        is_over.set()
        thread.join()
        listening.close()
