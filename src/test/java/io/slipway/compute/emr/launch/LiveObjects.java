package io.slipway.compute.emr.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the live channel of one run has put into its folder. */
record LiveObjects(Path folder) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern PIECE = Pattern.compile("-(stdout|stderr)-(\\d{16})-(\\d+)");

    List<Path> pieces() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{8}-.*"))
                    .filter(file -> !file.toString().endsWith(".unfinished"))
                    .sorted()
                    .toList();
        }
    }

    /** The bytes of a stream, in order; fails where its pieces do not follow one another. */
    byte[] stream(String name) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (Path piece : pieces()) {
            byte[] content = Files.readAllBytes(piece);
            int position = 0;
            Matcher part = PIECE.matcher(piece.getFileName().toString());
            while (part.find()) {
                int length = Integer.parseInt(part.group(3));
                if (part.group(1).equals(name)) {
                    if (Long.parseLong(part.group(2)) != joined.size()) {
                        throw new IllegalStateException(piece + " does not follow " + joined.size());
                    }
                    joined.write(content, position, length);
                }
                position += length;
            }
            if (position != content.length) {
                throw new IllegalStateException(piece + " has " + content.length + " bytes");
            }
        }
        return joined.toByteArray();
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    JsonNode json(String name) throws IOException {
        return JSON.readTree(Files.readAllBytes(folder.resolve(name)));
    }

    Path tail(String stream) {
        return folder.resolve("tail-" + stream);
    }
}
