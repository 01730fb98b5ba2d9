package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** While the service is updated, a newer replica writes into the same database what this version does not know. */
class NewerReplicasTest extends ApiService {

    @Autowired
    private JdbcTemplate database;

    @Test
    void aReasonThatOnlyANewerVersionKnowsIsShownByItsMessage() throws Exception {
        Answer accepted = alice().post(Form.script("print(1)\n").field("name", "newer"));
        String id = accepted.json().path("id").asString();
        alice().post("/jobs/" + id + "/cancel");
        alice().end(id);
        database.update(
                "update job set version = version + 1, state = 'FAILED', reason_code = 'OF_TOMORROW', reason_message = 'The moon was full.' where id = ?",
                id);
        database.update(
                "update job_event set to_state = 'FAILED', reason_code = 'OF_TOMORROW' where job_id = ? and to_state in ('SUCCEEDED', 'CANCELLED')",
                id);

        JsonNode job = alice().get("/jobs/" + id).json();
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("reason").path("code").asString()).isEqualTo("OTHER");
        assertThat(job.path("reason").path("message").asString()).isEqualTo("The moon was full.");
        for (String path : new String[] {
            "/jobs?name=newer",
            "/jobs/" + id + "/events",
            "/events?limit=500",
            "/stats",
            "/ui/jobs?name=newer",
            "/ui/jobs/" + id
        }) {
            assertThat(alice().get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(alice().get("/jobs/" + id + "/events").text()).contains("OTHER");
        assertThat(alice().get("/ui/jobs/" + id).text()).contains("The moon was full.");
    }
}
