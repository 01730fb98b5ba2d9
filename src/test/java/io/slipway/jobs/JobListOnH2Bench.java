package io.slipway.jobs;

import io.slipway.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@Tag("bench")
class JobListOnH2Bench extends JobListBench {

    @TempDir
    private static Path folder;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.h2(folder), "h2", properties);
    }

    @Override
    String database() {
        return "H2";
    }
}
