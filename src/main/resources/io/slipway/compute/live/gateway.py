"""The protocol of py4j, as far as it is needed here."""
import base64
import os
import re
import socket

PATIENCE_WITH_A_CALL = 30.0

# After Spark's own hook (40), in which the application master tells YARN the result, and before file systems are closed (10).
ORDER_AT_SHUTDOWN = 20
LONGEST_SHUTDOWN = 2


class JavaError(Exception):
    """What a call in the JVM has thrown."""


class Reference(str):
    """An object of the JVM."""


class Long(int):
    """A number that Java takes for a long, where an int would mean something else."""


class Gateway:
    """One connection to the JVM. A call that fails in another way than by an exception of Java leaves it unusable."""

    def __init__(self, port, secret):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_WITH_A_CALL)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")
        self.made = []
        if secret:
            self.answer(b"A\n%s\n" % secret.encode("utf-8"))

    def may_take(self, seconds):
        """The longest that one call takes from now on."""
        self.socket.settimeout(max(0.1, seconds))

    def close(self):
        for each in (self.answers, self.socket):
            try:
                each.close()
            except OSError:
                pass

    def new(self, name, *arguments):
        return self.ask("i\n%s\n" % name, arguments)

    def static(self, name, method, *arguments):
        return self.call("z:" + name, method, *arguments)

    def field(self, name, field):
        return self.ask("r\nm\n%s\n%s\n" % (name, field), ())

    def call(self, target, method, *arguments):
        return self.ask("c\n%s\n%s\n" % (target, method), arguments)

    def shut_down(self):
        """Of the gateway itself: it closes all connections, this one included."""
        try:
            self.answer(b"s\n")
        except (OSError, JavaError):
            pass
        self.close()

    def forget(self):
        """The JVM keeps each object that it has named here until it is told so."""
        made, self.made = self.made, []
        for reference in made:
            self.ask("m\nd\n%s\n" % reference, ())

    def ask(self, command, arguments):
        return self.answer(command.encode("utf-8") + b"".join(map(word, arguments)) + b"e\n")

    def answer(self, command):
        self.socket.sendall(command)
        line = self.answers.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the JVM has closed the connection")
        answer = line[:-1].decode("utf-8", "replace")
        if answer.startswith("!"):
            answer = answer[1:]
        if answer[:1] == "y":
            return self.value(answer[1:2], answer[2:])
        thrown = self.value(answer[1:2], answer[2:])
        raise JavaError(self.story(thrown) if isinstance(thrown, Reference) else str(thrown))

    def value(self, kind, text):
        if kind in ("i", "L"):
            return int(text)
        if kind in ("d", "D"):
            return float(text)
        if kind == "b":
            return text == "true"
        if kind == "s":
            return re.sub(r"\\(.)", lambda match: {"n": "\n", "r": "\r"}.get(match.group(1), match.group(1)), text)
        if kind in ("", "n", "v"):
            return None
        reference = Reference(text)
        self.made.append(reference)
        return reference

    def story(self, thrown):
        told = []
        while thrown is not None and len(told) < 5:
            told.append(str(self.call(thrown, "toString")))
            thrown = self.call(thrown, "getCause")
        return " / ".join(told)


def word(value):
    """An argument as the JVM reads it."""
    if isinstance(value, bytes):
        return b"j%s\n" % base64.b64encode(value)
    if isinstance(value, Reference):
        text = "r" + value
    elif isinstance(value, bool):
        text = "b" + str(value).lower()
    elif isinstance(value, Long):
        text = "L%d" % value
    elif isinstance(value, int):
        text = "i%d" % value
    else:
        text = "s" + value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
    return text.encode("utf-8") + b"\n"


def lasting(gateway):
    """The address of another gateway to the same JVM, and whether the JVM waits for it. Spark closes its own as soon as the program has ended."""
    secret = base64.b64encode(os.urandom(32)).decode("ascii")
    builder = gateway.new("py4j.GatewayServer$GatewayServerBuilder")
    for method, argument in (("javaPort", 0), ("authToken", secret)):
        builder = gateway.call(builder, method, argument)
    server = gateway.call(builder, "build")
    gateway.call(server, "start")
    port = gateway.call(server, "getListeningPort")
    waited_for = is_waited_for(gateway, server)
    gateway.forget()
    return (port, secret), waited_for


def is_waited_for(gateway, server):
    """Has the JVM end only when the gateway is shut down, or after 2 s: the first access to a store may take longer than a program that fails on line 1."""
    try:
        hooks = gateway.static("org.apache.hadoop.util.ShutdownHookManager", "get")
        seconds = gateway.field("java.util.concurrent.TimeUnit", "SECONDS")
        gateway.call(hooks, "addShutdownHook", server, ORDER_AT_SHUTDOWN, Long(LONGEST_SHUTDOWN), seconds)
        return True
    except JavaError:
        return False  # Hadoop before 2.9 sets no time limit
