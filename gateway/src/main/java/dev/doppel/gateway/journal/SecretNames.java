package dev.doppel.gateway.journal;

import dev.doppel.Vendors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides by name or form whether a value that a client sent is a secret; in doubt, it is one.
 * Thread-safe.
 */
final class SecretNames {

  private static final int MAX_CACHED_NAMES = 1000;
  private static final int MAX_NAME = 100;
  private static final int MAX_DECODINGS = 3;

  private static final Pattern PART =
      Pattern.compile(
          "pass|pwd|psw|secret|token(?!type$)|auth(?!or(?!i[sz]))|credential|cookie|session|jwt"
              + "|assertion|signature|bearer|otp|apikey");

  /** Names that are too short to be searched for within words. */
  private static final Set<String> WORDS =
      Set.of(
          "cred", "creds", "code", "hash", "key", "keys", "pat", "pin", "psk", "pw", "sid", "sig");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");
  private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Path segments that a secret may follow; {@code /tokens/ID} is not one of them. */
  private static final Pattern SEGMENT =
      Pattern.compile(
          ".*(pass|passwd|password|pwd|secret|token|apikey|jwt|otp|credentials?)"
              + "|key|code|session|sessionid");

  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)\\s*(basic|bearer|token|digest|negotiate|apikey)\\s+\\S+\\s*");

  /** The beginning of a JSON object in Base64. */
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{5}");

  /** Texts of vendors in which a word such as {@code token} means no secret. */
  private static final List<Pattern> PLAIN_TEXTS =
      Vendors.all().stream().flatMap(vendor -> vendor.plainTexts().stream()).toList();

  private static final Pattern ENCODED = Pattern.compile("(?:%[0-9a-fA-F]{2})+");

  private final Map<String, Boolean> verdicts = new ConcurrentHashMap<>();

  /** Returns whether a parameter, member, or cookie of this name holds a secret. */
  boolean isSecret(String name) {
    var cached = verdicts.get(name);
    if (cached != null) {
      return cached;
    }
    if (verdicts.size() >= MAX_CACHED_NAMES) {
      verdicts.clear(); // clients choose the names
    }
    var secret = matches(decode(name));
    if (name.length() <= MAX_NAME) {
      verdicts.put(name, secret);
    }
    return secret;
  }

  private static boolean matches(String name) {
    var letters = letters(name);
    return letters.equals("p")
        || PART.matcher(letters).find()
        || Arrays.stream(BETWEEN_WORDS.split(name))
            .anyMatch(word -> WORDS.contains(word.toLowerCase(Locale.ROOT)));
  }

  private static String letters(String name) {
    return NO_LETTER.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /** Returns whether the next segment of the path may be a secret. */
  static boolean announcesSecret(String segment) {
    return SEGMENT.matcher(letters(decode(segment))).matches();
  }

  /**
   * Returns whether a text of any name holds a secret: credentials, a JWT, a URI with user
   * information, or the name of a secret with a value. Takes time in proportion to its length.
   */
  boolean holdsSecret(String text) {
    var plain = decode(text);
    return CREDENTIALS.matcher(plain).matches()
        || JWT.matcher(plain).find()
        || hasUserInformation(plain)
        || hasNamedSecret(withoutPlainTexts(plain));
  }

  private static String withoutPlainTexts(String text) {
    var rest = text;
    for (var pattern : PLAIN_TEXTS) {
      rest = pattern.matcher(rest).replaceAll("");
    }
    return rest;
  }

  private static boolean hasUserInformation(String text) {
    for (int at = text.indexOf("//"); at >= 0; at = text.indexOf("//", at)) {
      while (at < text.length() && !endsUri(text.charAt(at))) {
        if (text.charAt(at) == '@') {
          return true;
        }
        at++;
      }
    }
    return false;
  }

  private static boolean endsUri(char one) {
    return Character.isWhitespace(one) || "\"'<>".indexOf(one) >= 0;
  }

  /** Checks the name before each separator of a name and a value. */
  private boolean hasNamedSecret(String text) {
    for (int i = 1; i < text.length(); i++) {
      if (":=>".indexOf(text.charAt(i)) >= 0) {
        var end = i;
        while (end > 0 && isBetween(text.charAt(end - 1))) {
          end--;
        }
        var begin = end;
        while (begin > Math.max(0, end - MAX_NAME) && isInName(text.charAt(begin - 1))) {
          begin--;
        }
        if (isSecret(text.substring(begin, end))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isBetween(char one) {
    return Character.isWhitespace(one) || "\"'\\".indexOf(one) >= 0;
  }

  private static boolean isInName(char one) {
    return Character.isLetterOrDigit(one) || "_.-[]".indexOf(one) >= 0;
  }

  /** Decodes percent-encoding, repeated encoding too, and leaves everything else as it is. */
  static String decode(String text) {
    var all = decodings(text);
    return all.get(all.size() - 1);
  }

  /** Returns the text, and what it is after each decoding of what is still percent-encoded. */
  static List<String> decodings(String text) {
    var all = new ArrayList<>(List.of(text));
    var decoded = text;
    for (int i = 0; i < MAX_DECODINGS && decoded.indexOf('%') >= 0; i++) {
      decoded = ENCODED.matcher(decoded).replaceAll(found -> quoted(found.group()));
      all.add(decoded);
    }
    return all;
  }

  private static String quoted(String encoded) {
    var bytes = HexFormat.of().parseHex(encoded.replace("%", ""));
    return Matcher.quoteReplacement(new String(bytes, StandardCharsets.UTF_8));
  }
}
