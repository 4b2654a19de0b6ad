# Sourced by the scripts beside it: a temporary folder, Python packages in it, and an Apache Kafka 4.3.0 of one node.
set -euo pipefail
FOLDER=$(mktemp -d)
BROKER=
finish() { [ -z "$BROKER" ] || { kill "$BROKER" 2>/dev/null; wait "$BROKER" 2>/dev/null || true; }; rm -rf "$FOLDER"; }
trap finish EXIT

packages() {  # packages NAME==VERSION...
    python3 -m venv "$FOLDER/venv"
    "$FOLDER/venv/bin/pip" -q --disable-pip-version-check install "$@"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

kafka() {  # kafka [LINE OF server.properties...]: starts it, and sets SERVERS
    cat >"$FOLDER/pom.xml" <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>findings</groupId><artifactId>jars</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.0</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
POM
    mvn -q -B -f "$FOLDER/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$FOLDER/jars" >/dev/null
    SERVERS=127.0.0.1:$(free_port)
    controller=$(free_port)
    {
        printf '%s\n' process.roles=broker,controller node.id=1 controller.listener.names=CONTROLLER \
            "controller.quorum.voters=1@127.0.0.1:$controller" "log.dirs=$FOLDER/data" \
            "listeners=PLAINTEXT://$SERVERS,CONTROLLER://127.0.0.1:$controller" \
            offsets.topic.replication.factor=1 transaction.state.log.replication.factor=1 \
            transaction.state.log.min.isr=1 share.coordinator.state.topic.replication.factor=1 \
            share.coordinator.state.topic.min.isr=1 group.initial.rebalance.delay.ms=0 auto.create.topics.enable=true
        printf '%s\n' "$@"
    } >"$FOLDER/server.properties"
    run=(java -Xmx256m -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$FOLDER/jars/*")
    "${run[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAA -c "$FOLDER/server.properties" >/dev/null
    "${run[@]}" kafka.Kafka "$FOLDER/server.properties" >"$FOLDER/kafka.log" 2>&1 &
    BROKER=$!
    for _ in $(seq 120); do
        (exec 3<>"/dev/tcp/${SERVERS%:*}/${SERVERS#*:}") 2>/dev/null && { sleep 2; export SERVERS; return; }
        sleep 0.5
    done
    tail -5 "$FOLDER/kafka.log"; exit 1
}

python() { "$FOLDER/venv/bin/python" -W ignore "$@"; }
