import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.workos.models.OrganizationDomainData;
import com.workos.types.OrganizationDomainDataState;
import com.workos.types.PaginationOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The arguments of one call as the types that the SDK takes. Each is taken once; `done` knows what was left. */
record Arguments(String operation, ObjectNode left) {
    /** What a call needs that the SDK has no form for. */
    @SuppressWarnings("serial")
    static final class Unsupported extends RuntimeException {
        Unsupported(String what) {
            super(what);
        }
    }

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Textual, text -> {
                for (var other : List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
                    text.setCoercion(other, CoercionAction.Fail);
                }
            })
            .build();

    String text(String name) {
        return take(name, new TypeReference<String>() {});
    }

    Boolean flag(String name) {
        return take(name, new TypeReference<Boolean>() {});
    }

    Integer integer(String name) {
        return take(name, new TypeReference<Integer>() {});
    }

    List<String> texts(String name) {
        return take(name, new TypeReference<List<String>>() {});
    }

    Map<String, String> map(String name) {
        Map<String, String> map = take(name, new TypeReference<Map<String, String>>() {});
        if (map != null && map.containsValue(null)) throw unsupported("null", name + ".value");
        return map;
    }

    PaginationOrder order() {
        String order = text("order");
        return order == null ? null : member("order", order, PaginationOrder.values());
    }

    List<OrganizationDomainData> domainData() {
        var given = take("domain_data", new TypeReference<List<Map<String, String>>>() {});
        if (given == null) return null;
        List<OrganizationDomainData> domains = new ArrayList<>();
        for (Map<String, String> item : given) {
            if (!item.keySet().equals(Set.of("domain", "state"))) throw unsupported("absent", "domain_data");
            var state = member("domain_data.state", item.get("state"), OrganizationDomainDataState.values());
            domains.add(new OrganizationDomainData(item.get("domain"), state));
        }
        return domains;
    }

    void done() {
        if (!left.isEmpty()) throw new IllegalArgumentException("unknown arguments: " + left);
    }

    private <T> T take(String name, TypeReference<T> type) {
        JsonNode given = left.remove(name);
        if (given == null) return null;
        if (given.isNull()) throw unsupported("null", name);
        try {
            return STRICT.convertValue(given, type);
        } catch (IllegalArgumentException mistyped) {
            throw unsupported("type", name);
        }
    }

    private <E extends Enum<E>> E member(String name, String value, E[] members) {
        for (E member : members) {
            // Unknown stands for values of answers; the SDK refuses to send it.
            if (!member.name().equals("Unknown") && Values.wireValue(member).equals(value)) return member;
        }
        throw unsupported("unknown", name);
    }

    private Unsupported unsupported(String what, String name) {
        return new Unsupported(what + "." + operation + "." + name);
    }
}
