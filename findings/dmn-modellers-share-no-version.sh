#!/usr/bin/env bash
# dmn-moddle 12.2.1 (what dmn-js 17, and Camunda's modellers with it, read files with) and @kie-tools/dmn-marshaller
# 10.2.0 (what Apache KIE's DMN editor reads and writes files with). One valid file of one decision table in DMN 1.5.
# Guess: both open it, as a table is the same in 1.3, 1.4 and 1.5, and each saves the version that it was given.
# Seen:  dmn-moddle refuses the whole file, as it does in 1.4: it knows the namespace of 1.3 alone. KIE opens it, and
#        writes it in the namespace of DMN 1.6, which no version that it was given has; its diagram stays in that of 1.5.
# So:    offer 1.3 as well as 1.5, and read 1.6: who edits a 1.5 file in KIE's editor brings back 1.6.
. "$(dirname "$0")/kafka.sh"
cd "$FOLDER"
npm install --no-audit --no-fund --silent dmn-moddle@12.2.1 @kie-tools/dmn-marshaller@10.2.0 esbuild@0.25.0 jsdom@26.0.0 >/dev/null
cat >ask.mjs <<'J'
import { DmnModdle } from "dmn-moddle";
import { getMarshaller } from "@kie-tools/dmn-marshaller";

const file = (model) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/${model}/MODEL/" id="m" name="m" namespace="urn:m">
<inputData id="i" name="category"><variable id="v" name="category" typeRef="string"/></inputData>
<decision id="desk" name="desk"><variable id="w" name="desk"/>
<informationRequirement id="q"><requiredInput href="#i"/></informationRequirement>
<decisionTable id="t" hitPolicy="UNIQUE"><input id="c"><inputExpression id="x" typeRef="string"><text>category</text></inputExpression></input>
<output id="o" name="desk" typeRef="string"/>
<rule id="r"><inputEntry id="a"><text>"lamp"</text></inputEntry><outputEntry id="e"><text>"power"</text></outputEntry></rule>
</decisionTable></decision></definitions>`;
async function ask(version, model) {
    try {
        const { rootElement, warnings } = await new DmnModdle().fromXML(file(model), "dmn:Definitions");
        console.log(`dmn-moddle, DMN ${version}: ${rootElement.drgElement.length} elements, ${warnings.length} warnings`);
    } catch (error) {
        console.log(`dmn-moddle, DMN ${version}: ${error.message}`);
    }
    const kie = getMarshaller(file(model), { upgradeTo: "latest" });
    const saved = kie.builder.build(kie.parser.parse());
    console.log(`KIE, DMN ${version}: saved as ${/spec\/DMN\/(\d+)\/MODEL/.exec(saved)[1]}`);
}
(async () => {
    for (const each of [["1.3", "20191111"], ["1.4", "20211108"], ["1.5", "20230324"]]) await ask(...each);
})();
J
npx esbuild ask.mjs --bundle --platform=node --format=cjs --external:jsdom --log-level=error --outfile=ask.cjs
SEEN=$(node ask.cjs)
expect() { echo "$SEEN" | grep -qF "$1" || { echo "changed: $1"; echo "$SEEN"; exit 1; }; }
expect "dmn-moddle, DMN 1.3: 2 elements, 0 warnings"
expect "dmn-moddle, DMN 1.4: failed to parse document as <dmn:Definitions>"
expect "dmn-moddle, DMN 1.5: failed to parse document as <dmn:Definitions>"
expect "KIE, DMN 1.5: saved as 20240513"
echo "$SEEN"
