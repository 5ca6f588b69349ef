"""The product's English, each sentence once. Data only: `words.say` fills the placeholders.

How to write one: short, plain American English, what is wrong before what to do. `{said:22}` is a value with room for 22
characters. A sentence for the card is in the group that says where it stands there; tests/words checks that it fits.
"""

from __future__ import annotations

STATES = {
    "status_disconnected": "Disconnected",
    "status_connecting": "Connecting",
    "status_connected": "Connected",
    "status_live": "Live",
    "status_reconnecting": "Reconnecting",
    "status_error": "Error",
}

PASSING = {
    # Beside the countdown of Reconnecting: two lines of the card. Nobody has to do anything.
    "lookup_busy": "Kick is rate-limiting us. Retrying automatically.",
    "lookup_down": "Kick's website is down (error {status:10}). Retrying automatically.",
    "lookup_portal": "Got a web page instead of Kick. If your Wi-Fi has a login page, log in from your browser.",
    "lookup_unexpected": "Unexpected answer from Kick ({status:10}). If this keeps happening, check for an update.",
    "no_hello": "Kick's server didn't respond within 10 seconds.",
    "no_subscription": "Kick's server didn't confirm the subscriptions within 10 seconds.",
    "silent": "Kick's server stopped responding.",
    "quiet": "Chat went quiet and Kick didn't confirm the subscription.",
    "subscription_refused": "Kick refused the subscription to {topic:26}. Retrying automatically.",
    "subscription_ended": "Kick's server ended the subscription to {topic:31}.",
    "refused_for_now": "Kick refused the connection ({answer:25}). Retrying automatically.",
    "lost": "Lost the connection to Kick.",
    "closed": "Kick's server closed the connection ({answer:47}).",
    "token_expired": "The access token from Kick expired.",
    "token_denied": "Kick denied access ({status:10}). Retrying automatically.",
    "server_dropped_us": "Kick's server dropped us. Asking Kick for another one.",
    "no_server_named": "Kick didn't say which server to use. Retrying automatically.",
    "slept": "Your computer was asleep, or its clock changed.",
    "name_moved": "{name:40} is another channel now. Reconnecting to it.",
}

REFUSED = {
    # In an Error, alone: three lines of the card. Each says what to do.
    "lookup_blocked": "Kick blocked the channel lookup. In Tools > Scripts, do steps 1\u20133 once.",
    "lookup_country": "Kick or this channel is unavailable in your country. Enter the channel IDs under Advanced.",
    "channel_unknown": 'There\'s no Kick channel "{slug:25}". Check the spelling, then press Connect.',
    "name_missing": "Enter your Kick username in Tools > Scripts, then press Connect.",
    "name_characters": "Kick usernames can only contain letters, digits, _ and -. Fix it in Tools > Scripts, then press Connect.",
    "name_too_long": "That name is too long for a Kick username. Fix it in Tools > Scripts, then press Connect.",
    "address_unreadable": "That isn't the address of a Kick channel. Enter just the name, as in kick.com/name.",
    "address_elsewhere": "That address isn't on kick.com. Enter just your Kick username, as in kick.com/name.",
    "address_without_name": "That address doesn't name a channel. Enter your Kick username, as in kick.com/name.",
    "refused": "Kick refused the connection ({answer:39}). Try again later; if it keeps happening, check for an update.",
    "key_retired": "Kick changed its chat server (4001). Check for a VMSC update, or set a new key under Advanced.",
    "channel_id_needed": "Channel ID needed. Enter it under Advanced, then press Connect.",
    "no_server_of_kind": "Kick has no server of the kind chosen under Advanced. Choose Automatic there, then press Connect.",
    "bug": "VMSC hit a bug ({error:40}). Press Connect to restart, and please report it.",
    "websocket_missing": "websocket-client is missing. Open Tools > Scripts: the page shows the command that installs it.",
    "ssl_missing": "This OBS's Python has no ssl module (common with Snap). Install OBS from obsproject.com or as a .deb.",
    "certificates_missing": "Python has no certificates on this Mac. Open Applications > Python, run Install "
    "Certificates.command, then restart OBS.",
    "certificates_unreadable": "Python can't read this computer's certificates. Reinstall Python, then restart OBS.",
    "number_wrong": "The {field} must be a number. Fix it under Advanced, or clear it.",
    "key_wrong": "The Pusher key has invalid characters. Fix it under Advanced, or clear it.",
    "cluster_wrong": "The Pusher cluster has invalid characters. Fix it under Advanced, or clear it.",
    "channel_id_alone": "A channel ID alone isn't enough. Enter the chatroom ID too, or clear both.",
    "address_wrong": "The {field} {trouble}. Fix it under Advanced, or clear it.",
}

HOSTS = {
    # About a server's host, as a passing trouble or in an Error. A host's name may take LONGEST_HOST characters.
    "host_not_found": "Can't find {host}. Check your internet. Retrying automatically.",
    "host_unreachable": "Can't reach {host}. Check your internet. Retrying automatically.",
    "host_silent": "No response from {host}. Check your internet. Retrying automatically.",
    "tls_failed": "No secure connection to {host}. Check your internet. Retrying automatically.",
    "certificate_bad": "Untrusted certificate from {host}. Check your clock, antivirus, and any Wi-Fi login page.",
    "answer_broken": "Incomplete answer from {host}. Check your internet. Retrying automatically.",
    "handshake_refused": "{host} answered {status:10} instead of connecting. Retrying automatically.",
    "handshake_broken": "{host} didn't complete the connection. Retrying automatically.",
}

ERRANDS = {
    # Troubles that stand inside other sentences only, or are never shown.
    "curl_missing": "This computer has no curl.",
    "curl_failed": "curl could not be started.",
    "curl_slow": "curl took too long.",
    "curl_silent": "curl got no answer.",
}

PIECES = {
    "long_host": "Kick's server",
    "said_code": "{code:10}: {said}",
    "said_words": "{said}",
    "said_only_code": "{code:10}",
    "said_nothing": "no reason given",
    "not_an_address": "isn't a web address",
    "address_with_login": "must not contain a username or password",
    "address_not_encrypted": "must start with {scheme}://",
    "address_plain_elsewhere": "must start with {scheme}:// (only this computer may use {plain}://)",
    "field_name_channel_id": "channel ID",
    "field_name_chatroom_id": "chatroom ID",
    "field_name_lookup_address": "lookup address",
    "field_name_websocket_address": "WebSocket address",
    "field_name_negotiation_address": "negotiation address",
    "field_name_token_address": "token address",
    "server": "{provider}, {origin}",
    "provider_pusher": "Pusher",
    "provider_centrifugo": "Centrifugo",
    "origin_kick": "named by Kick",
    "origin_built_in": "built-in",
    "origin_settings": "from your settings",
}

NOTICES = {
    # In the history and the log; the first one on the card too.
    "server_moved": "Kick changed its server at {at}; reconnected.",
    "away": "Offline {left}\u2013{back}. Events in that time were missed.",
    "followers_while_away_one": "{count} new follower while offline.",
    "followers_while_away_many": "{count} new followers while offline.",
    "ids_differ": "The IDs under Advanced are not {slug:64}'s: its chatroom ID is {chatroom_id}.",
    "lookups_blocked": "Kick is blocking lookups. Follower count and live status may be out of date.",
    "name_not_listed": "Kick no longer lists {slug:64}. Staying connected with the saved IDs.",
    "negotiation_failed": "Couldn't ask Kick which server to use; continuing without. {reason}",
    "negotiation_status": "Kick's negotiation answered {status:10}.",
    "negotiation_unexpected": "Unexpected answer from Kick's negotiation.",
    "negotiation_kind": "Kick's negotiation named a kind of server we didn't ask for.",
    "negotiation_key": "Kick's negotiation gave an impossible Pusher key.",
    "negotiation_cluster": "Kick's negotiation gave an impossible Pusher cluster.",
    "negotiation_no_address": "Kick's negotiation named a server without an address.",
    "negotiation_unreadable": "Kick's negotiation named a server whose address can't be read.",
    "negotiation_login": "Kick's negotiation named a server whose address has a username or password.",
    "negotiation_plain": "Kick's negotiation named a server whose address isn't encrypted.",
    "negotiation_foreign": "Kick's negotiation named a server whose address isn't Kick's.",
}

CARD = {
    "card_events_one": "{count} event",
    "card_events_many": "{count} events",
    "card_connected_for": "{events}  \u00b7  connected {uptime}",
    "card_followers_one": "{count} follower",
    "card_followers_many": "{count} followers",
    "card_retrying": "Retrying in {seconds} s (attempt {attempt})",
    "card_trying": "Trying now (attempt {attempt})",
    "card_opening": "Opening the connection\u2026",
    "card_press_connect": "Press Connect in Tools > Scripts",
    "card_no_name": "Kick",
}

PAGE = {
    "page_welcome": "Enter your Kick username, press Connect, then Add status card.",
    "page_state": "State: {status}",
    "page_state_of": "State: {status} ({name})",
    "page_press_refresh": "Press Refresh to see the result.",
    "page_history": "History",
    "history_status": "{at} {status}.",
    "history_status_because": "{at} {status}. {reason}",
    "history_notice": "{at} {reason}",
    "page_name_first": "Enter your Kick username first.",
    "page_name_first_then_again": "Enter your Kick username first, then press the button again.",
    "page_already_connected": "Already connected to {name:64}.",
    "page_already_connecting": "Already connecting to {name:64}.",
    "page_pasted": "Saved. You won't have to do this again.",
    "page_lookup_address": "The lookup page is {address}. Press the button again, or open it in your browser.",
    "page_no_websocket": "websocket-client is missing.",
    "page_run_command_windows": "Run the command below in the Command Prompt, then press the round arrow (Reload) under the list "
    "of scripts.",
    "page_run_apt": "Run “sudo apt install python3-websocket” in a terminal, or the command below if your Python has pip. Then "
    "press the round arrow (Reload) under the list of scripts.",
    "page_run_command": "Run the command below in a terminal, then press the round arrow (Reload) under the list of scripts.",
    "button_connect": "Connect",
    "button_disconnect": "Disconnect",
    "button_connect_again": "Connect again",
    "button_add_card": "Add status card to current scene",
    "button_refresh": "Refresh",
    "button_open_lookup": "1. Open lookup page",
    "button_use_paste": "3. Use the pasted text",
    "group_blocked": "If Kick blocks the lookup",
    "group_advanced": "Advanced",
    "choice_none": "None",
    "choice_gone": "{name} (not there)",
    "choice_provider_automatic": "Automatic",
    "choice_provider_pusher": "Pusher only",
    "choice_provider_centrifugo": "Centrifugo only",
    "label_install_command": "Command",
    "label_username": "Kick username",
    "label_connect_at_start": "Connect when OBS starts",
    "label_text_source": "Also copy text to",
    "label_color_source": "Also copy color to",
    "label_paste": "2. Paste all of it here",
    "label_channel_id": "Channel ID",
    "label_chatroom_id": "Chatroom ID",
    "label_provider": "Server",
    "label_poll": "Check followers every minute",
    "label_pusher_key": "Pusher key",
    "label_pusher_cluster": "Pusher cluster",
    "label_lookup_address": "Lookup address",
    "label_websocket_address": "WebSocket address",
    "label_negotiation_address": "Negotiation address",
    "label_token_address": "Token address",
    "label_allowed_hosts": "Extra allowed hosts",
    "help_username": "The name in your channel's address: kick.com/name. Any spelling works.",
    "help_connect_at_start": "Works once you've been connected, unless you pressed Disconnect last.",
    "help_text_source": "Optional: a text source of yours that shows the same text. The card keeps working.",
    "help_color_source": "Optional: a color source of yours that takes the state's color. The card keeps working.",
    "help_paste": "Copy everything the lookup page shows in your browser, paste it here, and press Use the pasted text. "
    "Or type: channel ID, chatroom ID.",
    "help_channel_id": "Only needed when the lookup is blocked. A number; not the chatroom ID.",
    "help_chatroom_id": "Only needed when the lookup is blocked. A number; not the channel ID.",
    "help_provider": "Automatic asks Kick which of its servers to use.",
    "help_poll": "Asks kick.com once a minute while connected: new followers, and a stream start or end we missed.",
    "help_pusher_key": "Empty: what Kick says, or the built-in key.",
    "help_pusher_cluster": "Empty: us2.",
    "help_lookup_address": "Your name is added to the end. Empty: https://kick.com/api/v2/channels/",
    "help_websocket_address": "Empty: Pusher's. wss://, or ws:// to this computer.",
    "help_negotiation_address": "Empty: Kick's. {channel_id} stands for the ID.",
    "help_token_address": "Empty: Kick's.",
    "help_allowed_hosts": "Servers outside pusher.com and kick.com that the negotiation may name. Leave empty.",
    "paste_nothing": "Nothing pasted yet. Open the lookup page, copy everything, and paste it here.",
    "paste_zero": "An ID can't be 0. Type the channel ID and the chatroom ID with a comma between them.",
    "paste_robot_check": "That's Kick's bot check. Wait for text starting with {, then copy it all.",
    "paste_not_the_page": "That isn't the lookup page. Press Ctrl+A, Ctrl+C there and paste it here. "
    "(In Firefox: Raw Data first.) Or type: channel ID, chatroom ID.",
    "paste_other_channel": "That page is about {found:64}, but the username above is {slug:64}. Fix one of them.",
    "scene_none": "There's no scene to add the card to.",
    "scene_name_taken": 'Another source is called "{name}". Rename it, then press the button again.',
    "scene_repaired": "The card was already in this scene. It's repaired.",
    "scene_added": "The card is in the scene. Drag it where you like.",
}

SENTENCES: dict[str, str] = {
    **STATES,
    **PASSING,
    **REFUSED,
    **HOSTS,
    **ERRANDS,
    **PIECES,
    **NOTICES,
    **CARD,
    **PAGE,
}
