import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** What the SDK gave, read by reflection through its public getters and fields, as the protocol's data. */
final class Values {
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static JsonNode data(Object value) throws ReflectiveOperationException {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Number) {
            return PLAIN.valueToTree(value);
        }
        if (value instanceof OffsetDateTime date) return tagged("$date", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date));
        if (value instanceof Enum<?> member) return tagged("$enum", wireValue(member));
        if (value instanceof Iterable<?> items) {
            var array = NODES.arrayNode();
            for (Object item : items) array.add(data(item));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode entries = NODES.objectNode();
            for (var entry : map.entrySet()) entries.set(String.valueOf(entry.getKey()), data(entry.getValue()));
            return NODES.objectNode().set("$map", entries);
        }
        if (value.getClass().getName().startsWith("com.workos.")) return object(value);
        return tagged("$other", value.getClass().getName() + " " + value);
    }

    /** What the SDK's enum says that it is on the wire. */
    static String wireValue(Enum<?> member) {
        try {
            return (String) member.getClass().getMethod("getValue").invoke(member);
        } catch (ReflectiveOperationException without) {
            return null;
        }
    }

    private static JsonNode object(Object value) throws ReflectiveOperationException {
        ObjectNode object = NODES.objectNode();
        for (Method method : value.getClass().getDeclaredMethods()) {
            if (isGetter(method)) object.set(fieldName(method.getName().substring(3)), data(method.invoke(value)));
        }
        for (Field field : value.getClass().getFields()) {
            if (!Modifier.isStatic(field.getModifiers())) object.set(fieldName(field.getName()), data(field.get(value)));
        }
        return object;
    }

    private static boolean isGetter(Method method) {
        int modifiers = method.getModifiers();
        return method.getName().matches("get[A-Z]\\w*") && method.getParameterCount() == 0
                && Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers);
    }

    private static String fieldName(String accessor) {
        String name = accessor.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(java.util.Locale.ROOT);
        // `object` is called getObjectType here.
        return name.equals("object_type") ? "object" : name;
    }

    private static ObjectNode tagged(String tag, String text) {
        return NODES.objectNode().put(tag, text);
    }
}
