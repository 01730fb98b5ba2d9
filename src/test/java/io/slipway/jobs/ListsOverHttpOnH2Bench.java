package io.slipway.jobs;

import io.slipway.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("bench")
class ListsOverHttpOnH2Bench extends ListsOverHttpBench {

    @TempDir
    private static Path data;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        JobListBench.fill(Databases.h2(data), "h2", properties);
    }

    @Override
    String database() {
        return "H2";
    }
}
