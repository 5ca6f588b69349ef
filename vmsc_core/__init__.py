"""VMSC for OBS: the way of a frame through the rooms.

    WebSocket text                   link/link.py       background thread
      session.receive(text, now)     kick/pusher.py or kick/centrifugo.py
      interpreter.interpret(message) kick/interpret.py
      inbox.put(event)               link/inbox.py      the only crossing between threads
      inbox.drain(limit)             app.py             OBS timer (graphics thread)
      state = reduce(state, event)   card/state.py
      card = render(state, now)      card/card.py
      painter.paint(card)            card/painter.py
      obs_source_update              obs/sources.py

Read from top to bottom: no callback, no way back. What the user wants goes the other way as one value, App.wanted.
"""

__version__ = "0.1.0"
