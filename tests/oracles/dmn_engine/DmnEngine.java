import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.kie.api.io.Resource;
import org.kie.dmn.api.core.DMNContext;
import org.kie.dmn.api.core.DMNDecisionResult;
import org.kie.dmn.api.core.DMNMessage;
import org.kie.dmn.api.core.DMNModel;
import org.kie.dmn.api.core.DMNResult;
import org.kie.dmn.api.core.DMNRuntime;
import org.kie.dmn.core.internal.utils.DMNRuntimeBuilder;
import org.kie.dmn.validation.DMNValidator.Validation;
import org.kie.dmn.validation.DMNValidatorFactory;
import org.kie.internal.io.ResourceFactory;

/** Line by line: a DMN file with facts for its decisions in, faults by the schema and answers out; JSON. */
public class DmnEngine {
    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var validator = DMNValidatorFactory.newValidator();
        for (String line; (line = in.readLine()) != null; ) {
            JsonNode asked = json.readTree(line);
            String xml = asked.get("xml").asText();
            ObjectNode told = json.createObjectNode();
            ArrayNode faults = told.putArray("faults");
            for (DMNMessage each : validator.validate(new StringReader(xml), Validation.VALIDATE_SCHEMA)) {
                faults.add(each.getText());
            }
            Resource file = ResourceFactory.newByteArrayResource(xml.getBytes(StandardCharsets.UTF_8)).setSourcePath("list.dmn");
            DMNRuntime runtime = DMNRuntimeBuilder.fromDefaults().buildConfiguration().fromResources(List.of(file)).getOrElseThrow(RuntimeException::new);
            DMNModel model = runtime.getModels().get(0);
            for (DMNMessage each : model.getMessages(DMNMessage.Severity.ERROR)) {
                faults.add(each.getText());
            }
            ArrayNode answers = told.putArray("answers");
            for (JsonNode question : asked.get("questions")) {
                DMNContext facts = runtime.newContext();
                for (Map.Entry<String, JsonNode> fact : (Iterable<Map.Entry<String, JsonNode>>) () -> question.get("facts").fields()) {
                    JsonNode value = fact.getValue();
                    facts.set(fact.getKey(), value.isNumber() ? new BigDecimal(value.asText()) : value.isNull() ? null : value.asText());
                }
                DMNResult result = runtime.evaluateById(model, facts, question.get("decision").asText());
                DMNDecisionResult found = result.getDecisionResultById(question.get("decision").asText());
                ObjectNode answer = answers.addObject();
                answer.put("status", found.getEvaluationStatus().name());
                answer.set("value", json.valueToTree(found.getResult()));
                ArrayNode said = answer.putArray("said");
                found.getMessages().forEach(each -> said.add(each.getText()));
            }
            out.println(json.writeValueAsString(told));
        }
    }
}
