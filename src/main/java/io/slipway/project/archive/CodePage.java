package io.slipway.project.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/**
 * The code pages in which systems write names into a zip when they do not use UTF-8, the likelier first, and how likely it is that some
 * bytes are in one. A wrong page makes letters that stand in no language beside each other.
 */
enum CodePage {
    GBK("GBK", "GBK", Script.CHINESE),
    SHIFT_JIS("windows-31j", "Shift JIS", Script.JAPANESE),
    KOREAN("x-windows-949", "code page 949", Script.KOREAN),
    BIG5("Big5", "Big5", Script.TRADITIONAL_CHINESE),
    WESTERN_DOS("IBM850", "code page 850", Script.LATIN),
    WESTERN("windows-1252", "code page 1252", Script.LATIN),
    CYRILLIC_DOS("IBM866", "code page 866", Script.CYRILLIC),
    CYRILLIC("windows-1251", "code page 1251", Script.CYRILLIC),
    CENTRAL_DOS("IBM852", "code page 852", Script.CENTRAL_LATIN),
    CENTRAL("windows-1250", "code page 1250", Script.CENTRAL_LATIN),
    /** What a zip without any mark is in by the format's own rule; it decodes every byte. */
    ORIGINAL("IBM437", "code page 437", Script.LATIN);

    /** What of a code page is common. */
    private enum Script {
        CHINESE(0xB0, 0xD7),
        TRADITIONAL_CHINESE(0xA4, 0xC6),
        JAPANESE(0x88, 0x97),
        KOREAN(0xB0, 0xC8),
        LATIN(0, 0),
        CENTRAL_LATIN(0, 0),
        CYRILLIC(0, 0);

        private final int firstCommonLead;
        private final int lastCommonLead;

        Script(int firstCommonLead, int lastCommonLead) {
            this.firstCommonLead = firstCommonLead;
            this.lastCommonLead = lastCommonLead;
        }

        boolean isDoubleByte() {
            return lastCommonLead > 0;
        }

        boolean isCommon(int lead) {
            return lead >= firstCommonLead && lead <= lastCommonLead;
        }
    }

    private static final String WESTERN_LETTERS = "äöüßéèàçñóíáúêâîôåøæãõëïìòùûœÄÖÜÉÅØÆÇÑÀÈ";
    private static final String CENTRAL_LETTERS = "ąćęłńóśźżŁŚŻŹčďěňřšťůýžéíáúČŠŽŘőűöüäßôľĺŕăâîșțşţđĐ";

    private static final double NEVER = -10;
    private static final double SYMBOL = -4;
    private static final double COMMON = 3;
    private static final int ENOUGH_OF_KOREAN = 4;

    private final String charset;
    private final String title;
    private final Script script;

    CodePage(String charset, String title, Script script) {
        this.charset = charset;
        this.title = title;
        this.script = script;
    }

    String title() {
        return title;
    }

    /** Empty where the bytes are none of this page, or this Java does not know it. */
    Optional<String> decoded(byte[] name) {
        try {
            return Charset.isSupported(charset)
                    ? Optional.of(Charset.forName(charset)
                            .newDecoder()
                            .decode(ByteBuffer.wrap(name))
                            .toString())
                    : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The name in this page, or in the format's own where it is not in this one. */
    String decode(byte[] name) {
        return decoded(name).or(() -> ORIGINAL.decoded(name)).orElseThrow();
    }

    /** The likeliest page of all names together. */
    static CodePage guess(List<byte[]> names) {
        CodePage best = ORIGINAL;
        double most = Double.NEGATIVE_INFINITY;
        for (CodePage page : values()) {
            double likely = page.likely(names);
            if (likely > most) {
                best = page;
                most = likely;
            }
        }
        return most < 0 ? ORIGINAL : best;
    }

    private double likely(List<byte[]> names) {
        double sum = 0;
        int letters = 0;
        for (byte[] name : names) {
            String text = decoded(name).orElse(null);
            if (text == null) {
                return NEVER;
            }
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) > 0x7F) {
                    letters++;
                    sum += likely(text, i);
                }
            }
        }
        if (letters == 0) {
            return NEVER;
        }
        // The common syllables of Korean are where half of the common signs of Chinese are: nothing but those is no
        // chance.
        boolean isKorean = script == Script.KOREAN && letters >= ENOUGH_OF_KOREAN && sum == COMMON * letters;
        return sum / letters + (isKorean ? 0.1 : 0);
    }

    private double likely(String text, int at) {
        char letter = text.charAt(at);
        if (Character.isISOControl(letter)
                || !Character.isDefined(letter)
                || Character.getType(letter) == Character.PRIVATE_USE) {
            return NEVER;
        }
        if (script.isDoubleByte()) {
            return likelyOfTwoBytes(letter) - betweenAscii(text, at);
        }
        if (!Character.isLetter(letter)) {
            return "–—’".indexOf(letter) >= 0 ? 0 : SYMBOL;
        }
        return likelyCase(text, at) + likelyLetter(letter);
    }

    /** One sign alone beside plain letters is rather two letters of a language that is written with those. */
    private static double betweenAscii(String text, int at) {
        boolean before = at > 0 && isAsciiLetter(text.charAt(at - 1));
        boolean after = at + 1 < text.length() && isAsciiLetter(text.charAt(at + 1));
        boolean alone =
                (at == 0 || text.charAt(at - 1) <= 0x7F) && (at + 1 == text.length() || text.charAt(at + 1) <= 0x7F);
        return !alone ? 0 : before && after ? 6 : before || after ? 2.5 : 0;
    }

    private static boolean isAsciiLetter(char letter) {
        return letter <= 0x7F && Character.isLetter(letter);
    }

    private double likelyOfTwoBytes(char letter) {
        byte[] bytes = String.valueOf(letter).getBytes(Charset.forName(charset));
        if (bytes.length < 2) {
            return -2;
        }
        int lead = bytes[0] & 0xFF;
        Character.UnicodeScript found = Character.UnicodeScript.of(letter);
        return switch (found) {
            case HAN -> likelyHan(lead, bytes[1] & 0xFF);
            case HANGUL -> script == Script.KOREAN && script.isCommon(lead) && (bytes[1] & 0xFF) >= 0xA1 ? COMMON : -1;
            case HIRAGANA, KATAKANA -> script == Script.JAPANESE ? COMMON : -2;
            default -> Character.isLetter(letter) ? -1 : -0.5;
        };
    }

    private double likelyHan(int lead, int trail) {
        if (script == Script.KOREAN) {
            return -1;
        }
        boolean common = script.isCommon(lead) && (script != Script.CHINESE || trail >= 0xA1);
        // Level 2 of GB 2312, JIS and Big5; what is behind is for scholars.
        return common ? COMMON : script == Script.CHINESE && (lead < 0xB0 || trail < 0xA1) ? -2 : 0;
    }

    private static double likelyCase(String text, int at) {
        boolean afterLower = at > 0 && Character.isLowerCase(text.charAt(at - 1));
        return Character.isUpperCase(text.charAt(at)) && afterLower ? -4 : 0;
    }

    private double likelyLetter(char letter) {
        return switch (script) {
            case CYRILLIC ->
                letter >= 'А' && letter <= 'я' || letter == 'ё' || letter == 'Ё'
                        ? 2.5
                        : Character.UnicodeScript.of(letter) == Character.UnicodeScript.CYRILLIC ? 0 : SYMBOL;
            case LATIN -> WESTERN_LETTERS.indexOf(letter) >= 0 ? 2.5 : isLatin(letter) ? 0 : SYMBOL;
            case CENTRAL_LATIN -> CENTRAL_LETTERS.indexOf(letter) >= 0 ? 2.4 : isLatin(letter) ? 0 : SYMBOL;
            case CHINESE, TRADITIONAL_CHINESE, JAPANESE, KOREAN -> 0;
        };
    }

    private static boolean isLatin(char letter) {
        return Character.UnicodeScript.of(letter) == Character.UnicodeScript.LATIN;
    }
}
