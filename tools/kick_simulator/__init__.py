"""Your own Kick: lookup, negotiation, Pusher and Centrifugo on 127.0.0.1, with traffic and faults on demand.

    python3 tools/kick_simulator --channel speedy --chat 5/s --follow 2/min --live after 3 s

It knows the protocols, not the client of this project; tests/end_to_end/test_simulator.py proves it with other people's clients.
In a test:

    with KickSimulator() as kick:
        kick.add_channel("speedy")
        …connect a client to kick.websocket_url…
        kick.wait_subscribed("speedy")
        kick.chat("speedy", text="hello")
        kick.drop()

simulator.py is the whole of it; frames.py is what Kick says, http_side.py and sockets.py are the two servers, faults.py is what
can go wrong in them, tokens.py has Centrifugo's tokens, terminal.py the command line.
"""

from .faults import Faults
from .frames import Channel, read_frames
from .simulator import KickSimulator
from .sockets import Connection

__all__ = ["Channel", "Connection", "Faults", "KickSimulator", "read_frames"]
