"""VMSC for OBS: the way of a frame through the rooms.

    WebSocket text                                 link/transport.py  the link's thread
      outputs = session.receive(text, now)         link/feed.py       by kick/pusher.py or kick/centrifugo.py
      for now, outputs in feed                     link/link.py
      interpreter.interpret(message, now)          kick/interpret.py  chat by kick/chat.py
      inbox.put_all(events)                        link/inbox.py      the only crossing between threads; by rules/ear.py
                                                                      chat that fires no rule is only counted
      inbox.drain(limit)                           app.py             OBS's timer (graphics thread)
      state = reduce(state, event)                 state.py
      rulebook.plan(event, state, host, now)       rules/book.py
      actions.perform(planned.action, now)         obs/actions.py
      card = render(state, choices, host, now)     card/card.py
      painter.paint(card)                          card/painter.py
      sources.write(role, Text or Fill)            obs/sources.py
      obs_source_update                            obs/sources.py

Read from top to bottom: no way back. What the user wants goes the other way as two values: App.wish, and the rules' ear.
"""

__version__ = "0.1.0"
"""The only place of it: the page, the log, the release, and what servers are told take it from here."""
