"""A mail server that a test can put out of order, and a wire before it that a test can cut."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from typing import NamedTuple

from aiosmtpd.controller import Controller

from malpas.dev.processes import free_port

logging.getLogger("mail.log").setLevel(logging.CRITICAL)
FINAL_DOT = b"\r\n.\r\n"
REFUSALS = {
    "rcpt 450": "450 later",
    "rcpt 550": "550 no such mailbox",
    "data 451": "451 later",
    "data 554": "554 no",
}


class Mail(NamedTuple):
    message_id: str
    to: str
    at: datetime | None  # by the school's clock, as it came in; None where the database did not answer


class Letterbox:
    """`mails` is what was taken, `tries` how often each receiver was tried.

    `refusals`: receiver → one of REFUSALS. `hangs`: who gets no answer after the final dot. `pause`: seconds a mail takes.
    """

    def __init__(self, clock: Callable[[], datetime | None]) -> None:
        self.clock = clock
        self.begin_anew()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()
        self.wire = Wire(self.controller.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.wire.port}"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        self.tries[address] += 1
        mode = self.refusals.get(address, "")
        if mode.startswith("rcpt"):
            return REFUSALS[mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        receiver = envelope.rcpt_tos[0]
        if receiver in self.hangs:
            await asyncio.sleep(60)
            return "451 too late"
        if receiver in self.refusals:
            return REFUSALS[self.refusals[receiver]]
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(Mail(str(mail["Message-ID"]), receiver, self.clock()))
        await asyncio.sleep(self.pause)
        return "250 OK"

    def begin_anew(self) -> None:
        self.refusals: dict[str, str] = {}
        self.hangs: set[str] = set()
        self.pause = 0.0
        self.mails: list[Mail] = []
        self.tries: Counter[str] = Counter()

    def stop(self) -> None:
        self.wire.stop()
        self.controller.stop()


class Wire:
    """A TCP proxy. `mode`: pass; refuse; silent (accepts and says nothing); cut (after the final dot, no answer)."""

    def __init__(self, behind: int) -> None:
        self.behind, self.mode = behind, "pass"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            if self.mode == "refuse":
                caller.close()
                continue
            self.open.append(caller)
            if self.mode != "silent":
                threading.Thread(target=self._join, args=[caller], daemon=True).start()

    def _join(self, caller: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.behind))
        self.open.append(server)
        cut = threading.Event()
        threading.Thread(target=self._answer, args=[server, caller, cut], daemon=True).start()
        tail = b""
        with contextlib.suppress(OSError):
            while chunk := caller.recv(65536):
                tail = (tail + chunk)[-len(FINAL_DOT) :]
                if self.mode == "cut" and tail == FINAL_DOT:
                    cut.set()
                server.sendall(chunk)
            server.close()

    def _answer(self, server: socket.socket, caller: socket.socket, cut: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := server.recv(65536):
                if cut.is_set():
                    caller.shutdown(socket.SHUT_RDWR)
                    return
                caller.sendall(chunk)

    def stop(self) -> None:
        for each in (self.listener, *self.open):
            with contextlib.suppress(OSError):
                each.close()
