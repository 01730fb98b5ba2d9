package io.slipway.environments;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Installed packages as JSON text. */
@Converter
class PackagesColumn implements AttributeConverter<List<InstalledPackage>, String> {

    /** As many as the column takes; nobody reads more. */
    private static final int MOST = 2_000;

    @Override
    public String convertToDatabaseColumn(List<InstalledPackage> packages) {
        return JsonMapper.shared()
                .writeValueAsString(packages.stream()
                        .filter(each -> each.name().length() + each.version().length() < 70)
                        .limit(MOST)
                        .toList());
    }

    @Override
    public List<InstalledPackage> convertToEntityAttribute(String column) {
        return JsonMapper.shared().readValue(column, new TypeReference<>() {});
    }
}
