package io.slipway.web;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login page, whose form the security filters take, and the page of addresses that lead nowhere. */
@Controller
class OtherPages {

    @GetMapping("/ui/login")
    String login(
            @RequestParam(defaultValue = "/ui/jobs") String next,
            @RequestParam(required = false) String refused,
            Model model) {
        model.addAttribute("next", next);
        model.addAttribute("refused", refused != null);
        return "login";
    }

    @GetMapping("/ui/**")
    String nowhere() {
        throw new PageAdvice.NoSuchPage();
    }
}
