package io.slipway.environments;

import io.slipway.project.requirements.Requirements;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;

/** What projects ask to have installed. The same wish of many jobs is one row, named by its content. */
@Entity
@Table(name = "requirements")
public class StoredRequirements {

    @Id
    private String id;

    private String content;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected StoredRequirements() {}

    StoredRequirements(String id, String content, Instant now) {
        this.id = id;
        this.content = content;
        this.createdAt = now;
    }

    void wantedAgain(Instant now) {
        this.createdAt = now;
    }

    public Requirements requirements() {
        return JsonMapper.shared().readValue(content, Requirements.class);
    }
}
