#include "inputs/inputs.h"

/* A text of several lines is in parentheses: no comma is missing in it. */
const char *const input_more[INPUT_COUNT] = {
	[IN_SPECS] =
	    ("A directory is searched for *.json, *.yaml and *.yml; files in it that are "
	     "no pipeline specs are skipped. A glob may hold **. On the command line these "
	     "are the arguments."),
	[IN_LISTS] =
	    ("DIR=LIST looks for LIST in DIR first, and the names in it start from DIR. "
	     "LIST alone is relative to its own directory. @FILE is a file with one such item a "
	     "line."),
	[IN_JSONNET] =
	    ("A directory is searched for *.jsonnet; a glob may hold **. Results are checked like "
	     "files. Without a cluster the error shows the words to render the template by hand."),
	[IN_ARGS] = ("Values may hold the placeholders of 'tag'. Each template gets the arguments "
	             "that it has parameters for."),
	[IN_INSTANCES] =
	    ("One template can have several instances. Its own arguments win over 'args'. Quotes "
	     "keep blanks in a value. @FILE is a file with one instance a line."),
	[IN_IN] = "All arguments after it count as well, so that a shell can expand a glob.",
	[IN_IMAGES] =
	    ("An image line changes the images whose repository is exactly REPO. "
	     "PIPELINE==IMAGE sets the image of one pipeline. REPO=NEWREPO:* keeps the "
	     "tag and the digest that are there. TAG may hold the placeholders of 'tag'."),
	[IN_SET] =
	    ("[KIND[/NAME]:]PATH=VALUE sets every value with this PATH, in objects of KIND and "
	     "NAME only where they are given. PATH is keys and [INDEX]es; a '.' in a key is '\\.'. "
	     "VALUE may hold the placeholders of 'tag' ('\\{' is a brace that is text), and keeps "
	     "the type that the value has."),
	[IN_UNSET] = ("[KIND[/NAME]:]PATH, as in 'set'. The key and its value are removed; nothing "
	              "happens where the key is missing."),
	[IN_SET_FILE] =
	    ("A line '-PATH' removes a value. Empty lines and lines that begin with '#' "
	     "are skipped."),
	[IN_TAG] = ("Text in which {sha}, {short}, {branch} and {ref} stand for the commit, its "
	            "first 7 digits, and the names of the branch and the ref. {version} is what "
	            "follows the last '/' of the ref, {semver} its MAJOR.MINOR.PATCH without 'v'."),
	[IN_CHECK_IMAGES] =
	    ("'new' asks for the images of pipelines that are created or get another image, "
	     "'all' for those of all specs. Nobody is asked on events that strangers can cause, "
	     "without a cluster (but for 'all'), and for names that end in .test, .example, "
	     ".invalid or .localhost."),
	[IN_PIN] = ("An image becomes REPO:TAG@DIGEST. One that has a digest already must have "
	            "the registry's. docs/specs-and-images.md says how registries are asked."),
	[IN_LATEST] = ("Only tags that are versions count, without prereleases unless the "
	               "range names one."),
	[IN_REGISTRY] = ("Without it the logins of docker (config.json) and podman (auth.json) are "
	                 "used. Credential helpers cannot run."),
	[IN_REPROCESS] = ("'changed' takes the pipelines whose image or code differs. "
	                  "PIPELINE=always sets it for one pipeline."),
	[IN_SINCE] =
	    ("The default, what differs from the cluster, is safer. The comparison starts at "
	     "the merge base of the revision and HEAD. Pipelines count whose file, list "
	     "line or image changed, and those that the cluster lacks."),
	[IN_WAIT] = ("'pipelines' waits until the workers run the pushed version, 'jobs' until the "
	             "jobs of the push succeed."),
	[IN_DRY_RUN] = ("Without a cluster the network is not used, except by 'pin' and "
	                "'check-images: all'."),
	[IN_SPLIT] = "Pipelines that read from each other stay in one transaction.",
	[IN_KEEP_GOING] = "Pipelines that read from those left out are left out, too.",
	[IN_PRUNE] =
	    ("'stop' can be taken back; 'delete' keeps the data (pachd 1.10 and later); "
	     "'with-data' does not. It needs a target of pachup.yaml whose specs and lists "
	     "are pushed whole, and the history of git."),
	[IN_PRUNE_LIMIT] = "Without it more than a tenth of the target's pipelines, and more than "
	                   "10, are refused.",
	[IN_RENAMED_FROM] =
	    ("As the warning PU097 and 'pachup status' show it: team/specs. From pachd 2.10 on one "
	     "push with it is enough; before, keep it until each pipeline has changed."),
	[IN_OUT] = "The file holds hashes and live versions, no specs.",
	[IN_PLAN] = ("The run exits with 5 if a file, an image or the cluster changed after the "
	             "plan was made."),
	[IN_SERVER_VERSION] = "For example 2.11. 'validate' takes the newest release by default.",
	[IN_NOTE] = ("pachd 2.11 and later keep the commit beside the spec. 'description' appends "
	             "it to the description of the pipeline."),
	[IN_IGNORE] =
	    ("'pachup help checks' lists the codes. In YAML the comment '# pachup: ignore "
	     "CODE' skips a check for its line or the next one."),
	[IN_SUMMARY] = ("GitHub and Azure show it on the page of the run without this. The file is "
	                "written on every outcome."),
	[IN_HTML] = ("The page is one file with its own script, and loads nothing. It has search, "
	             "zoom and the "
	             "details of each pipeline. Values that look like credentials are hidden. Of "
	             "several targets, each has a "
	             "file of its own: plan-dev.html."),
	[IN_REFRESH] = "The command runs until the timeout. The page loads itself anew.",
	[IN_VERBOSE] =
	    ("The lines are also there where the runner's own debug log is on. They hold no "
	     "secrets."),
};
