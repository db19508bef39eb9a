package dev.doppel.passwords;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The digests that only Kratos supports: of a template that combines salt and password, and with a
 * key (HMAC). Those with a key, without a salt, or based on MD5 are weak.
 */
final class KratosFamily implements HashFamily {

  private static final Pattern TEMPLATE =
      Pattern.compile("\\$(md5|sha1|sha256|sha512)\\$pf=([^$]+)\\$([^$]*)\\$([^$]+)");
  private static final Pattern MD5 = Pattern.compile("\\$md5\\$([^$=]+=*)");
  private static final Pattern HMAC =
      Pattern.compile("\\$hmac-(md5|sha1|sha224|sha256|sha384|sha512)\\$([^$]+)\\$([^$]+)");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{SALT\\}|\\{PASSWORD\\}");

  private static final int MAX_TEMPLATE = 200;

  /** How often a template may contain the password, which may be long. */
  private static final int MAX_REPETITIONS = 4;

  @Override
  public String name() {
    return "Kratos";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "$sha256$pf=<template>$<salt>$… with md5, sha1, sha256, sha512",
        "$md5$…",
        "$hmac-sha256$…$<key> with md5, sha1, sha224, sha256, sha384, sha512");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.matches("(?s)\\$(md5|sha1|sha256|sha512|hmac-[^$]*)\\$.*");
  }

  @Override
  public StoredHash parse(String encoded) {
    var template = TEMPLATE.matcher(encoded);
    if (template.matches()) {
      return template(template.toMatchResult());
    }
    var md5 = MD5.matcher(encoded);
    if (md5.matches()) {
      var digest = digest(HashFunction.MD5, md5.group(1));
      return StoredHash.of(digest, password -> HashFunction.MD5.digest(password))
          .weak("$md5$" + blank(digest.length));
    }
    var hmac = HMAC.matcher(encoded);
    if (hmac.matches()) {
      return hmac(hmac.toMatchResult());
    }
    throw HashText.newMalformedException("$sha256$pf=<template>$<salt>$<digest>");
  }

  private static StoredHash template(MatchResult form) {
    var function = HashFunction.named(form.group(1));
    var template = latin1("Kratos template", form.group(2));
    var salt = latin1("Kratos salt", form.group(3));
    var digest = digest(function, form.group(4));
    if (!template.contains("{PASSWORD}")) {
      throw new UnsupportedHashException("Kratos template has no {PASSWORD} in it");
    }
    HashLimits.requireBetween("Kratos template: a length of", template.length(), 1, MAX_TEMPLATE);
    HashLimits.requireBetween(
        "Kratos template: a number of {PASSWORD}",
        template.split("\\{PASSWORD}", -1).length - 1L,
        1,
        MAX_REPETITIONS);
    HashLimits.requireSalt("Kratos", salt.length(), 0);
    var hash = StoredHash.of(digest, password -> function.digest(filled(template, salt, password)));
    return function == HashFunction.MD5 || salt.isEmpty() || !template.contains("{SALT}")
        ? hash.weak(
            "$%s$pf=%s$%s$%s"
                .formatted(form.group(1), form.group(2), form.group(3), blank(digest.length)))
        : hash;
  }

  private static byte[] filled(String template, String salt, byte[] password) {
    var text = new String(password, StandardCharsets.ISO_8859_1);
    return HashText.latin1(
        PLACEHOLDER
            .matcher(template)
            .replaceAll(
                found -> Matcher.quoteReplacement(found.group().equals("{SALT}") ? salt : text)));
  }

  private static StoredHash hmac(MatchResult form) {
    var function = HashFunction.named(form.group(1));
    var hex = HashText.base64("HMAC digest", form.group(2));
    var key = HashText.base64("HMAC key", form.group(3));
    HashLimits.requireBetween("HMAC key: a length of", key.length, 1, HashLimits.MAX_SALT);
    if (hex.length != 2 * function.length()) {
      throw new UnsupportedHashException("HMAC digest is not as many hexadecimal digits as it has");
    }
    return StoredHash.of(
            hex,
            password -> HashText.latin1(HexFormat.of().formatHex(function.hmac(password, key))))
        .weak("$hmac-%s$%s$%s".formatted(form.group(1), blank(hex.length), form.group(3)));
  }

  private static String latin1(String what, String base64) {
    return new String(HashText.base64(what, base64), StandardCharsets.ISO_8859_1);
  }

  private static byte[] digest(HashFunction function, String base64) {
    var digest = HashText.base64("Kratos digest", base64);
    function.requireLength(digest.length);
    return digest;
  }

  private static String blank(int length) {
    return Base64.getEncoder().encodeToString(new byte[length]);
  }
}
