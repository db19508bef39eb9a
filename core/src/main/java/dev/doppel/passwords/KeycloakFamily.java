package dev.doppel.passwords;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/**
 * Password credentials of a Keycloak export, each as a JSON object with the members {@code
 * credentialData} and {@code secretData}. Both are objects or, as Keycloak writes them, strings of
 * JSON. Also accepts the flat form of releases before 4.
 */
final class KeycloakFamily implements HashFamily {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Map<String, HashFunction> PBKDF2 =
      Map.of(
          "pbkdf2", HashFunction.SHA1,
          "pbkdf2-sha1", HashFunction.SHA1,
          "pbkdf2-sha256", HashFunction.SHA256,
          "pbkdf2-sha512", HashFunction.SHA512);

  private static final Map<String, Integer> ARGON2_VERSIONS = Map.of("1.0", 16, "1.3", 19);

  @Override
  public String name() {
    return "Keycloak";
  }

  @Override
  public List<String> forms() {
    return List.of(
        "{\"credentialData\": …, \"secretData\": …} with pbkdf2, pbkdf2-sha256, pbkdf2-sha512 or"
            + " argon2");
  }

  @Override
  public boolean recognizes(String encoded) {
    return encoded.matches("(?s)\\s*\\{\\s*\".*");
  }

  @Override
  public StoredHash parse(String encoded) {
    var credential = object(encoded);
    var isOld = credential.has("hashedSaltedValue");
    var settings = isOld ? credential : nested(credential, "credentialData");
    var secret = isOld ? credential : nested(credential, "secretData");
    var digest =
        HashText.base64("Keycloak value", text(secret, isOld ? "hashedSaltedValue" : "value"));
    var salt = HashText.base64("Keycloak salt", text(secret, "salt"));
    var algorithm = text(settings, "algorithm");
    var iterations = number(settings.path("hashIterations"), "hashIterations");
    if (algorithm.equals("argon2")) {
      return Argon2Family.of(
          argon2(settings.path("additionalParameters"), iterations), salt, digest);
    }
    var function = PBKDF2.get(algorithm);
    if (function == null) {
      throw new UnsupportedHashException(
          "Keycloak algorithm is not supported; pbkdf2, pbkdf2-sha256, pbkdf2-sha512 and argon2 are");
    }
    return Pbkdf2Family.of(function, iterations, salt, digest);
  }

  private static Argon2Family.Parameters argon2(JsonNode parameters, int iterations) {
    var version = ARGON2_VERSIONS.get(parameters.path("version").path(0).asText("1.3"));
    if (version == null) {
      throw new UnsupportedHashException("Keycloak version is not supported; 1.0 and 1.3 are");
    }
    return new Argon2Family.Parameters(
        parameters.path("type").path(0).asText("id"),
        version,
        number(parameters.path("memory").path(0), "memory"),
        iterations,
        number(parameters.path("parallelism").path(0), "parallelism"),
        "");
  }

  private static JsonNode object(String json) {
    try {
      var value = JSON.readTree(json);
      if (value.isObject()) {
        return value;
      }
    } catch (JsonProcessingException malformed) {
      // reported below, without the text, which is a secret
    }
    throw new UnsupportedHashException("Keycloak credential is not a JSON object");
  }

  private static JsonNode nested(JsonNode credential, String name) {
    var value = credential.path(name);
    if (value.isMissingNode()) {
      throw new UnsupportedHashException("Keycloak credential has no " + name);
    }
    return value.isTextual() ? object(value.textValue()) : value;
  }

  private static String text(JsonNode object, String name) {
    var value = object.path(name);
    if (!value.isTextual()) {
      throw new UnsupportedHashException("Keycloak credential has no " + name);
    }
    return value.textValue();
  }

  /** Accepts a number, or a string of digits. */
  private static int number(JsonNode value, String name) {
    return HashText.number("Keycloak " + name, value.asText(""));
  }
}
