#!/usr/bin/env bash
# matrix-synapse 1.163.2 (a Matrix server): a client stores the token of its last sync; the server's database is restored
# from an older backup; people write; the client syncs on with its token, as after any restart.
# Guess: the token, which is from a future that never was, is refused; or what was written since the restore arrives.
# Seen:  status 200 and no messages: the token is taken for the present. What was written between the restore and this
#        sync never arrives; what follows does, so nothing looks wrong.
# So:    after a restore let clients and bots begin without a token, or read the rooms' latest messages once.
. "$(dirname "$0")/kafka.sh"
packages matrix-synapse==1.163.2
PORT=$(free_port)
cat >"$FOLDER/server.json" <<J
{"server_name": "city.test", "listeners": [{"port": $PORT, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}],
 "database": {"name": "sqlite3", "args": {"database": "$FOLDER/data/server.db"}}, "registration_shared_secret": "example",
 "media_store_path": "$FOLDER/data/media", "signing_key_path": "$FOLDER/data/key", "trusted_key_servers": [], "report_stats": false,
 "macaroon_secret_key": "example", "form_secret": "example", "rc_message": {"per_second": 1000, "burst_count": 1000}, "pid_file": "$FOLDER/pid",
 "log_config": "$FOLDER/log.json", "suppress_key_server_warning": true}
J
echo '{"version": 1, "root": {"level": "ERROR", "handlers": []}}' >"$FOLDER/log.json"
mkdir "$FOLDER/data"
server() {
    "$FOLDER/venv/bin/python" -m synapse.app.homeserver -c "$FOLDER/server.json" --generate-keys >/dev/null 2>&1
    (cd "$FOLDER" && exec "$FOLDER/venv/bin/python" -m synapse.app.homeserver -c "$FOLDER/server.json" >"$FOLDER/out" 2>&1) &
    BROKER=$!
    for _ in $(seq 120); do (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && return; sleep 0.5; done
}
stop() { kill "$BROKER"; wait "$BROKER" || true; BROKER=; }
cat >"$FOLDER/client.py" <<'P'
import hashlib, hmac, json, sys, urllib.error, urllib.request

port, step, memory = sys.argv[1], sys.argv[2], sys.argv[3]
state = json.load(open(memory)) if step != "begin" else {}


def call(method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def account(name):
    nonce = call("GET", "/_synapse/admin/v1/register")["nonce"]
    mac = hmac.new(b"example", f"{nonce}\0{name}\0example\0notadmin".encode(), hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": "example", "admin": False, "mac": mac}
    return call("POST", "/_synapse/admin/v1/register", body)["access_token"]


def write(text, n):
    path = f"/_matrix/client/v3/rooms/{state['room']}/send/m.room.message/{text}{n}"
    call("PUT", path, {"msgtype": "m.text", "body": f"{text} {n}"}, state["rider"])


def sync():
    since = f"&since={state['since']}" if "since" in state else ""
    answer = call("GET", f"/_matrix/client/v3/sync?timeout=0{since}", token=state["bot"])
    state["since"] = answer["next_batch"]
    room = answer.get("rooms", {}).get("join", {}).get(state["room"], {})
    return [e["content"]["body"] for e in room.get("timeline", {}).get("events", []) if e["type"] == "m.room.message"]


if step == "begin":
    state |= {"bot": account("bot"), "rider": account("rider")}
    state["room"] = call("POST", "/_matrix/client/v3/createRoom", {"preset": "public_chat"}, state["rider"])["room_id"]
    call("POST", f"/_matrix/client/v3/join/{state['room']}", {}, state["bot"])
    sync()
elif step == "before":
    for n in range(20):
        write("before", n)
    sync()
else:
    for n in range(3):
        write("after", n)
    print("after the restore it reads:", sync())
    write("later", 1)
    print("and then:", sync())
json.dump(state, open(memory, "w"))
P
client() { "$FOLDER/venv/bin/python" "$FOLDER/client.py" "$PORT" "$1" "$FOLDER/memory.json"; }
server; client begin; stop
cp -r "$FOLDER/data" "$FOLDER/backup"
server; client before; stop
rm -rf "$FOLDER/data"; mv "$FOLDER/backup" "$FOLDER/data"
server; SEEN=$(client after); stop
echo "$SEEN"
[ "$SEEN" = "after the restore it reads: []
and then: ['later 1']" ]
