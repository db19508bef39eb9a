package dev.doppel.dialect;

/**
 * Where and with which credentials an administrator's client reaches Doppel.
 *
 * @param url base URL of all dialects, without a slash at the end
 * @param user name of the administrator
 * @param password the password, or a placeholder for it
 * @param token a token that is good in every dialect, or a placeholder for it
 * @param organization name of the default organization
 */
public record Endpoint(
    String url, String user, String password, String token, String organization) {

  @Override
  public String toString() {
    return "Endpoint[" + url + "]";
  }
}
