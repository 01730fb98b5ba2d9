package io.slipway.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class SessionCookieTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void overTlsTheCookieIsBoundToTheHost() {
        request.setSecure(true);

        SessionCookie.set(request, response, "id");

        assertThat(response.getHeader("Set-Cookie"))
                .startsWith("__Host-slipway-session=id;")
                .contains("Path=/;", "Secure", "HttpOnly", "SameSite=Strict")
                .doesNotContain("Domain");
    }

    @Test
    void withoutTlsItHasAPlainName() {
        SessionCookie.set(request, response, "id");

        assertThat(response.getHeader("Set-Cookie"))
                .startsWith("slipway-session=id;")
                .doesNotContain("Secure");
    }

    @Test
    void overTlsACookieThatAnotherHostCouldHavePlantedIsNoSession() {
        request.setCookies(new Cookie("slipway-session", "planted"), new Cookie("__Host-slipway-session", "own"));
        assertThat(SessionCookie.id(request)).contains("planted");

        request.setSecure(true);
        assertThat(SessionCookie.id(request)).contains("own");

        request.setCookies(new Cookie("slipway-session", "planted"));
        assertThat(SessionCookie.id(request)).isEmpty();
    }
}
