// How the report is laid out. Paths are seen from the folder that `python -m reports.allure` is given.

const kinds = {
  shape: "Shape: what answers look like",
  behaviour: "Behaviour: what operations do",
  refusal: "Refusal: what must not be accepted",
  paging: "Paging: walking through lists",
  authentication: "Authentication: who may ask",
  transport: "Transport: complete and documented answers",
};

const findings = Object.entries(kinds).map(([kind, name]) => ({
  name,
  matchers: { statuses: ["failed"], labels: { kind } },
  groupByMessage: false,
  expand: true,
}));

export default {
  name: "Conformance to the Organizations API",
  output: "allure-report",
  historyPath: "allure-history.jsonl",
  appendHistory: true,
  historyLimit: 50,
  categories: {
    rules: [
      ...findings,
      { name: "Deviations that no longer occur", matchers: { statuses: ["failed"] }, groupByMessage: false },
      { name: "Bugs of the suite itself", matchers: { statuses: ["broken"] }, groupByMessage: false },
      { name: "Warnings", matchers: { labels: { verdict: "warning" } }, groupByMessage: false },
      { name: "Accepted deviations", matchers: { labels: { verdict: "deviation" } }, groupByMessage: false },
      { name: "Blocked by something that does not work at all", matchers: { labels: { verdict: "blocked" } } },
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
