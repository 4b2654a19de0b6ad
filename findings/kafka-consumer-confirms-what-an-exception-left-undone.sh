#!/usr/bin/env bash
# Kafka's Java client 4.3.0 on Kafka 4.3.0, with its defaults: a loop in try-with-resources that throws at the second
# of five polled records.
# Guess: offsets are committed for what was done, so the program gets the second record again when it is started anew.
# Seen:  it gets nothing. enable.auto.commit is on, and close() commits the position, which is behind all records that
#        poll() handed over: four records are lost to the group, in silence. A program that is killed instead gets all.
# So:    set enable.auto.commit to false and call commitSync() after the records of a poll are done.
. "$(dirname "$0")/kafka.sh"
kafka
cat >"$FOLDER/Loop.java" <<'J'
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

class Loop {
    public static void main(String[] args) throws Exception {
        String servers = args[0], group = args[1];
        boolean own = group.equals("own");
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            for (int number = 1; number <= 5; number++) producer.send(new ProducerRecord<>(group, "record " + number)).get();
        }
        List<String> first = new ArrayList<>(), second = new ArrayList<>();
        try { read(servers, group, own, first, 2); } catch (IllegalStateException thrown) { }
        read(servers, group, own, second, 0);
        System.out.println(group + ": first start " + first + ", second start " + second);
    }

    static void read(String servers, String group, boolean own, List<String> done, int fails) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group, "auto.offset.reset", "earliest"));
        if (own) settings.put("enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(group));
            for (int polls = 0; polls < 20; polls++) {
                for (var record : consumer.poll(Duration.ofMillis(300))) {
                    if (record.value().equals("record " + fails)) throw new IllegalStateException("the work failed");
                    done.add(record.value());
                }
                if (own) consumer.commitSync();
            }
        }
    }
}
J
seen=$(for group in default own; do java -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$FOLDER/jars/*" "$FOLDER/Loop.java" "$SERVERS" "$group"; done)
echo "$seen"
[ "$seen" = "default: first start [record 1], second start []
own: first start [record 1], second start [record 1, record 2, record 3, record 4, record 5]" ]
