package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slipway.project.ArtifactId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Ids that have types of their own are texts everywhere else: in JSON, in addresses, in sentences. */
class IdsTest {

    private static final String ID = "01JD3Q8Z0V7M4T2K5E9XHWBRCN";

    private record Ids(JobId job, SubmissionKey key, Owner owner, ArtifactId project) {}

    @Test
    void areTextsInJson() {
        assertThat(JsonMapper.shared()
                        .writeValueAsString(new Ids(
                                new JobId(ID),
                                new SubmissionKey(ID + "-1"),
                                new Owner("ann"),
                                new ArtifactId("ab".repeat(32)))))
                .isEqualTo("{\"job\":\"" + ID + "\",\"key\":\"" + ID + "-1\",\"owner\":\"ann\",\"project\":\""
                        + "ab".repeat(32) + "\"}");
        assertThat(JsonMapper.shared().writeValueAsString(Map.of("job", new JobId(ID))))
                .isEqualTo("{\"job\":\"" + ID + "\"}");
    }

    @Test
    void areTextsInSentences() {
        assertThat(new JobId(ID)).hasToString(ID);
        assertThat(new SubmissionKey(ID + "-1")).hasToString(ID + "-1");
        assertThat(new Owner("ann")).hasToString("ann");
        assertThat(new ArtifactId("ab".repeat(32))).hasToString("ab".repeat(32));
    }

    @Test
    void sortAsTheirTextsDo() {
        assertThat(List.of(new JobId(ID.replace('N', 'M')), new JobId(ID))).isSorted();
        assertThat(List.of(new SubmissionKey("a-1"), new SubmissionKey("a-2"))).isSorted();
    }

    @Test
    void refuseWhatCanBeNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JobId("../" + ID));
        assertThatIllegalArgumentException().isThrownBy(() -> new SubmissionKey("../" + ID));
        assertThatIllegalArgumentException().isThrownBy(() -> new SubmissionKey(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Owner(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactId("A".repeat(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactId("a".repeat(63)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactId("sha256:" + "a".repeat(64)));
        assertThat(JobId.parse(ID)).contains(new JobId(ID));
        assertThat(JobId.parse("nope")).isEmpty();
        assertThat(JobId.parse(null)).isEmpty();
        assertThat(SubmissionKey.parse("a/b")).isEmpty();
    }
}
