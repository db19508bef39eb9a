package dev.doppel.vcloud;

import dev.doppel.dialect.Call;

/** Values of the {@code Link} header. None holds a comma: a client splits there. */
final class VcloudLink {

  private VcloudLink() {}

  /**
   * A link to a path of the API.
   *
   * @param model the vendor's name for what is there
   */
  static String to(Call call, String path, String relation, String model) {
    return of(call.origin() + VcloudApi.VERSIONED + path, relation, model);
  }

  /** A link whose target has no model. */
  static String to(Call call, String path, String relation) {
    return "<%s>;rel=\"%s\"".formatted(call.origin() + VcloudApi.VERSIONED + path, relation);
  }

  static String of(String url, String relation, String model) {
    return "<%s>;rel=\"%s\";type=\"application/json\";model=\"%s\"".formatted(url, relation, model);
  }

  static String toRoot(Call call) {
    return "<%s/>;rel=\"up\";type=\"*/*\"".formatted(call.origin() + VcloudApi.ROOT);
  }
}
