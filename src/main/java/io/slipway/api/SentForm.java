package io.slipway.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a submission's request carries, whether it came as a form or as a project with a query. Its files go with it. */
final class SentForm implements AutoCloseable {

    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final Map<String, List<SentFile>> files = new LinkedHashMap<>();
    private final List<Path> paths = new ArrayList<>();

    /** What a person left empty says nothing: browsers send every field of a form. */
    void text(String name, String value) {
        if (!value.isEmpty()) {
            texts.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
        }
    }

    /** Of a field that was sent as a file and as texts, the file; of one that was sent as several texts, the last. */
    void keepLast(String field) {
        if (files.containsKey(field)) {
            texts.remove(field);
        }
        texts.computeIfPresent(field, (name, all) -> new ArrayList<>(all.subList(all.size() - 1, all.size())));
    }

    void file(String field, SentFile file) {
        files.computeIfAbsent(field, none -> new ArrayList<>()).add(file);
    }

    /** Is removed when the form is closed, used or not. */
    Path newFile(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "part-", null);
        paths.add(file);
        return file;
    }

    List<SentFile> files(String field) {
        return files.getOrDefault(field, List.of());
    }

    List<String> texts(String field) {
        return texts.getOrDefault(field, List.of());
    }

    /** All texts but those of the given fields. */
    Map<String, List<String>> textsWithout(java.util.Set<String> fields) {
        Map<String, List<String>> others = new LinkedHashMap<>(texts);
        others.keySet().removeAll(fields);
        return others;
    }

    @Override
    public void close() throws IOException {
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
