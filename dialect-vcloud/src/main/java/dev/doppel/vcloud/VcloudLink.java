package dev.doppel.vcloud;

import dev.doppel.dialect.Call;

/** Values of the {@code Link} header. None contains a comma, at which a client splits them. */
final class VcloudLink {

  private VcloudLink() {}

  /**
   * Returns a link to a path of the API.
   *
   * @param model the vendor's name for the type of the target
   */
  static String to(Call call, String path, String relation, String model) {
    return of(call.origin() + VcloudApi.VERSIONED + path, relation, model);
  }

  /** Returns a link whose target has no model. */
  static String to(Call call, String path, String relation) {
    return "<%s>;rel=\"%s\"".formatted(call.origin() + VcloudApi.VERSIONED + path, relation);
  }

  /** Returns a link to a URL. */
  static String of(String url, String relation, String model) {
    return "<%s>;rel=\"%s\";type=\"application/json\";model=\"%s\"".formatted(url, relation, model);
  }

  /** Returns a link to the root of the API. */
  static String toRoot(Call call) {
    return "<%s/>;rel=\"up\";type=\"*/*\"".formatted(call.origin() + VcloudApi.ROOT);
  }
}
