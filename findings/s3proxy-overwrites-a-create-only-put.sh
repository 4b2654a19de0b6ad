#!/usr/bin/env bash
# S3Proxy 2.7.0 on a folder (filesystem-nio2), obstore 0.12.1: an object is put with "create only", then other bytes
# with the same condition under the same name, as programs do that must not overwrite (If-None-Match: *).
# Guess: the second put is refused (412, AlreadyExistsError), as Amazon S3 does since 2024 and obstore's own folder does.
# Seen:  it is accepted, and the object has the second bytes: the condition is ignored without a word.
# So:    try the condition once on the server that you use; do not build a lock or a "first one wins" on it unseen.
. "$(dirname "$0")/kafka.sh"
packages obstore==0.12.1
cat >"$FOLDER/pom.xml" <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>
<packaging>pom</packaging></project>
P
mvn -q -B -f "$FOLDER/pom.xml" dependency:copy -Dartifact=org.gaul:s3proxy:2.7.0:jar:jar-with-dependencies \
    -DoutputDirectory="$FOLDER" >/dev/null
PORT=$(free_port)
mkdir -p "$FOLDER/data/photos"
cat >"$FOLDER/settings" <<P
s3proxy.endpoint=http://127.0.0.1:$PORT
s3proxy.authorization=none
jclouds.provider=filesystem-nio2
jclouds.identity=local
jclouds.credential=local
jclouds.filesystem.basedir=$FOLDER/data
P
java -jar "$FOLDER"/s3proxy-2.7.0*.jar --properties "$FOLDER/settings" >"$FOLDER/server.log" 2>&1 &
BROKER=$!
cat >"$FOLDER/put.py" <<'P'
import sys
import time

from obstore.exceptions import AlreadyExistsError, GenericError
from obstore.store import LocalStore, S3Store


def second_put(store):
    """What became of it, and what the object holds then."""
    for _ in range(60):
        try:
            store.put("first-one-wins", b"first", mode="create")
            break
        except GenericError:  # the server is not up yet
            time.sleep(1)
    try:
        store.put("first-one-wins", b"second", mode="create")
        became = "accepted"
    except AlreadyExistsError:
        became = "refused"
    return became, bytes(store.get("first-one-wins").bytes()).decode()


folder, port = sys.argv[1:]
server = S3Store(
    "photos", endpoint=f"http://127.0.0.1:{port}", region="us-east-1", access_key_id="k", secret_access_key="s",
    client_options={"allow_http": True},
)
print("a folder:", *second_put(LocalStore(folder, mkdir=True)))
print("S3Proxy:", *second_put(server))
P
SEEN=$(python "$FOLDER/put.py" "$FOLDER/own" "$PORT")
echo "$SEEN"
[ "$SEEN" = 'a folder: refused first
S3Proxy: accepted second' ]
