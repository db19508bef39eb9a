package dev.doppel.gateway.control;

import io.vertx.ext.web.Router;

/** A group of operations of the control plane. */
interface ControlRoutes {

  /**
   * Adds the routes of these operations.
   *
   * @param api router for the paths after the control plane's prefix
   */
  void mount(Router api);
}
