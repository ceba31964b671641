address <- "https://tflink.example.org/api/v1/interactions/?release=2026.12&taxon=9606&format=tsv"
download.file(address, "human-2026.12.tsv.gz", mode = "wb", quiet = TRUE)
human <- read.delim(gzfile("human-2026.12.tsv.gz"), quote = "", na.strings = "-",
                    colClasses = "character")
cat(nrow(human), "interactions in release 2026.12\n")
