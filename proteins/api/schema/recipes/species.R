address <- "https://tflink.example.org/api/v1/interactions/?taxon=9606&format=tsv"
human <- read.delim(address, quote = "", na.strings = "-",
                    colClasses = "character")
print(head(sort(table(human$Name.TF), decreasing = TRUE)))
