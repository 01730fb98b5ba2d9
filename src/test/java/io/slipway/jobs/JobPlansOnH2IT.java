package io.slipway.jobs;

import io.slipway.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class JobPlansOnH2IT extends JobPlansContract {

    @TempDir
    static Path folder;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        fill(Databases.h2(folder), "h2", 1_000_000, properties);
    }

    /** H2 has no index for a part of a name: it reads the list from its newest end. */
    @Override
    boolean findsPartsOfNames() {
        return false;
    }
}
