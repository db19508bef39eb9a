package dev.doppel.gateway.control;

import io.vertx.ext.web.Router;

/** A part of the control plane. */
public interface ControlRoutes {

  /**
   * Adds its routes.
   *
   * @param api whose paths begin behind the control plane's prefix
   */
  void mount(Router api);
}
