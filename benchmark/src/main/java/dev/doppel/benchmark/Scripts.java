package dev.doppel.benchmark;

import static dev.doppel.benchmark.Bench.TOKEN;

/** Scripts for wrk with varying requests. */
final class Scripts {

  private static final String LIFE =
      """
      local made, step, first = 0, 0, true
      local threads = 0
      function setup(thread) threads = threads + 1; thread:set("number", threads) end
      local function sent(path, by, body)
        return wrk.format("POST", "/v2/vectordb/users/" .. path, { Authorization = "Bearer " .. by }, body)
      end
      request = function()
        if first then -- wrk makes one request of a script before it begins
          first = false
          return sent("list", "root:Milvus", "{}")
        end
        local name = "life_ROUND_" .. number .. "_" .. made
        step = step + 1
        if step == 1 then
          return sent("create", "root:Milvus", '{"userName":"' .. name .. '","password":"P@ssw0rd1"}')
        elseif step == 2 then
          return sent("describe", name .. ":P@ssw0rd1", '{"userName":"' .. name .. '"}')
        elseif step == 3 then
          return sent("update_password", "root:Milvus", '{"userName":"' .. name .. '","password":"P@ssw0rd1","newPassword":"P@ssw0rd2"}')
        end
        made, step = made + 1, 0
        return sent("drop", "root:Milvus", '{"userName":"' .. name .. '"}')
      end
      response = function(status, headers, body)
        if not body:find('"code":0', 1, true) then os.exit(1) end
      end
      """;

  private Scripts() {}

  /**
   * Returns a script that runs the life cycles of users through Milvus, one after the other. Needs
   * one connection per thread.
   *
   * @param run part of all users' names that distinguishes this run
   */
  static String life(String run) {
    return LIFE.replace("ROUND", run);
  }

  /** Returns a script with reads of all dialects in turn. */
  static String mix() {
    return """
        local wires = {
          { "GET", "/api/v2/me", { Authorization = "Token %1$s" } },
          { "POST", "/v2/vectordb/users/describe", { Authorization = "Bearer root:Milvus" }, '{"userName":"root"}' },
          { "GET", "/v1/users/profile", { Authorization = "Bearer %1$s" } },
        }
        local sent = 0
        request = function()
          sent = sent + 1
          local wire = wires[sent %% 3 + 1]
          return wrk.format(wire[1], wire[2], wire[3], wire[4])
        end
        """
        .formatted(TOKEN);
  }
}
