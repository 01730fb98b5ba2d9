package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    @ParameterizedTest
    @ValueSource(strings = {"%", "a=%", "a=%z1", "a=%1", "a=%ff", "a=%c3%28", "%00=1", "a=b%00"})
    void whatIsNoTextIsAFault(String query) {
        assertThat(Query.fault(query)).isNotNull();
    }

    @Test
    void parametersAreDecodedAndComeInTheirOrder() {
        String query = "name=a%20b+c&label=team%3Dpricing&name=%C3%BC&flag&=x";

        assertThat(Query.fault(query)).isNull();
        assertThat(Query.parameters(query).get("name")).containsExactly("a b c", "ü");
        assertThat(Query.parameters(query).get("label")).containsExactly("team=pricing");
        assertThat(Query.parameters(query).get("flag")).containsExactly("");
        assertThat(Query.parameters(null)).isEmpty();
    }
}
