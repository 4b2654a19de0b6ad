#!/usr/bin/env bash
# Apache KIE 10.1.0 (kie-dmn-core), a decision table with hit policy FIRST and two outputs, of which `department` has
# a default output entry and `assign` has none. No rule matches. (A noise is nobody's yet; who takes it is left open.)
# Guess: {department: "duty-desk", assign: null}: the default output entry is for when no rule matches, output by output.
# Seen:  null for the whole decision, with status SUCCEEDED: the default that there is counts for nothing. With a default
#        for each output, both are given.
# So:    in a table for others to run, write a default as a last rule that always matches, not as defaultOutputEntry,
#        unless each output has one.
. "$(dirname "$0")/kafka.sh"
cat >"$FOLDER/pom.xml" <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>findings</groupId><artifactId>dmn</artifactId><version>1</version><dependencies>
<dependency><groupId>org.kie</groupId><artifactId>kie-dmn-core</artifactId><version>10.1.0</version></dependency>
</dependencies></project>
POM
mvn -q -B -f "$FOLDER/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$FOLDER/jars" >/dev/null
cat >"$FOLDER/Ask.java" <<'J'
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.kie.dmn.core.internal.utils.DMNRuntimeBuilder;
import org.kie.internal.io.ResourceFactory;

public class Ask {
    static String output(String name, String otherwise) {
        String entry = otherwise == null ? "" : "<defaultOutputEntry id='d-" + name + "'><text>\"" + otherwise + "\"</text></defaultOutputEntry>";
        return "<output id='o-" + name + "' name='" + name + "' typeRef='string'>" + entry + "</output>";
    }

    static void ask(String title, String outputs, int cells) {
        String cell = "<outputEntry id='e%d'><text>\"power\"</text></outputEntry>", entries = "";
        for (int n = 0; n < cells; n++) entries += String.format(cell, n);
        String xml = "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='m' name='m' namespace='urn:m'>"
            + "<inputData id='i' name='category'><variable id='v' name='category' typeRef='string'/></inputData>"
            + "<decision id='desk' name='desk'><variable id='w' name='desk'/><informationRequirement id='q'><requiredInput href='#i'/></informationRequirement>"
            + "<decisionTable id='t' hitPolicy='FIRST'><input id='c'><inputExpression id='x' typeRef='string'><text>category</text></inputExpression></input>"
            + outputs + "<rule id='r'><inputEntry id='a'><text>\"lamp\"</text></inputEntry>" + entries + "</rule></decisionTable></decision></definitions>";
        var file = ResourceFactory.newByteArrayResource(xml.getBytes(StandardCharsets.UTF_8)).setSourcePath("desk.dmn");
        var runtime = DMNRuntimeBuilder.fromDefaults().buildConfiguration().fromResources(List.of(file)).getOrElseThrow(RuntimeException::new);
        var model = runtime.getModels().get(0);
        var facts = runtime.newContext();
        facts.set("category", "noise");
        var found = runtime.evaluateAll(model, facts).getDecisionResults().get(0);
        System.out.println(title + ": " + found.getEvaluationStatus() + " " + found.getResult());
    }

    public static void main(String[] given) {
        ask("one output with a default", output("department", "duty-desk"), 1);
        ask("two outputs, both with a default", output("department", "duty-desk") + output("assign", "head"), 2);
        ask("two outputs, one with a default", output("department", "duty-desk") + output("assign", null), 2);
    }
}
J
SEEN=$(java -cp "$FOLDER/jars/*" "$FOLDER/Ask.java" 2>/dev/null)
expect() { echo "$SEEN" | grep -qF "$1" || { echo "changed: $1"; echo "$SEEN"; exit 1; }; }
expect "one output with a default: SUCCEEDED duty-desk"
expect "two outputs, both with a default: SUCCEEDED {department=duty-desk, assign=head}"
expect "two outputs, one with a default: SUCCEEDED null"
echo "$SEEN"
