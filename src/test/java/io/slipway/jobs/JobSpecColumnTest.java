package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Container;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.Overlaid;
import io.slipway.project.SparkResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSpecColumnTest {

    private final JobSpecColumn column = new JobSpecColumn();

    @Test
    void aRowOfAnEarlierVersionIsReadWithTheUsualWayToStart() {
        JobSpec spec = column.convertToEntityAttribute("""
                {"name":"a","cluster":"local","program":{"entryPoint":"main.py","arguments":["x"]},"sparkConf":{},
                 "environment":{"A":"b"},"labels":{},"limits":{"timeout":null,"queueTimeout":"PT1H","maxAttempts":2}}""");

        assertThat(spec.program().arguments()).containsExactly("x");
        assertThat(spec.program().launch()).isEqualTo(Launch.DEFAULT);
    }

    @Test
    void aRowOfALaterVersionMayLackFieldsOfTheWayToStart() {
        JobSpec spec = column.convertToEntityAttribute("""
                {"name":"a","cluster":"local","program":{"entryPoint":"main.py","arguments":[],"launch":{"mode":"CLIENT"}},
                 "sparkConf":{},"environment":{},"labels":{},"limits":{"maxAttempts":1}}""");

        assertThat(spec.program().launch().mode()).isEqualTo(Mode.CLIENT);
        assertThat(spec.program().launch().layout()).isEqualTo(Layout.UNCHANGED);
        assertThat(spec.program().launch().python().path()).isEmpty();
    }

    @Test
    void whatNobodyLaidOverAProjectIsNotWritten() {
        JobSpec spec = new JobSpec(
                "a",
                "local",
                new JobSpec.Program("main.py", List.of()),
                Map.of(),
                Map.of(),
                Map.of(),
                JobSpec.Limits.NONE);

        assertThat(column.convertToDatabaseColumn(spec)).doesNotContain("overlaid", "resources");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Launch launch = new Launch(
                Layout.SPLIT,
                Mode.CONTAINER,
                new Container("team/spark:3.5"),
                new Python(List.of("src"), "s3://b/env.tar.gz"),
                "arn:aws:iam::123456789012:role/a",
                FailOn.WARNING,
                Map.of(SparkResource.PACKAGES, List.of("org.postgresql:postgresql:42.7.4")));
        JobSpec spec = new JobSpec(
                "a",
                "local",
                new JobSpec.Program("main.py", List.of(), launch, Map.of("conf/app.ini", Overlaid.REPLACED)),
                Map.of(),
                Map.of(),
                Map.of(),
                JobSpec.Limits.NONE);

        assertThat(column.convertToEntityAttribute(column.convertToDatabaseColumn(spec)))
                .isEqualTo(spec);
    }
}
