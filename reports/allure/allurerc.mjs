// How the report is laid out. Paths are seen from the folder that `python -m reports.allure` is given.

const kinds = {
  shape: "Shape: what answers look like",
  behaviour: "Behaviour: what operations do",
  refusal: "Refusal: what must not be accepted",
  paging: "Paging: walking through lists",
  authentication: "Authentication: who may ask",
  transport: "Transport: complete and documented answers",
};

const tagged = (tag, ...statuses) => ({ labels: { tag: new RegExp(`^${tag}$`) }, statuses });

const findings = Object.entries(kinds).map(([kind, name]) => ({
  name,
  matchers: tagged(kind, "failed"),
  groupByMessage: false,
  expand: true,
}));

export default {
  name: "Conformance to the Organizations API",
  output: "allure-report",
  historyPath: "allure-history.jsonl",
  appendHistory: true,
  historyLimit: 50,
  hideLabels: ["epic", "framework"], // the same for every result
  categories: {
    rules: [
      ...findings,
      { name: "Deviations that no longer occur", matchers: { statuses: ["failed"] }, groupByMessage: false },
      { name: "Bugs of the suite itself", matchers: { statuses: ["broken"] }, groupByMessage: false },
      { name: "Warnings", matchers: tagged("warning", "passed"), groupByMessage: false },
      { name: "Accepted deviations", matchers: tagged("deviation", "skipped"), groupByMessage: false },
      { name: "Blocked by something that does not work at all", matchers: tagged("blocked", "skipped") },
    ],
  },
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["feature", "story"],
        defaultSortBy: "status,asc",
      },
    },
  },
};
